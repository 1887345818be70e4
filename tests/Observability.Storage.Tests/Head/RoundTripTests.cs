using CsCheck;
using Observability.Model;
using Observability.Storage.Tests.Chunks;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Head;

/// <summary>Whatever is accepted comes back bit for bit, however series share their times.</summary>
internal sealed class RoundTripTests
{
    /// <summary>
    /// Series in cgroups, scraped with jitter: rows of a cgroup share a time, cgroups now and then share one too, series miss rows, come late,
    /// begin later, change their cgroup.
    /// </summary>
    [Test]
    public async Task Any_series_of_any_rhythm_come_back() =>
        await Gen.Select(Gen.Int, Gen.Int[1, 20], Gen.Int[1, 5], Gen.Int[1, 300], Gen.Int[0, 30], ValueGenerators.Columns.Array[1, 8]).SampleAsync(
            async (seed, series, cgroups, scrapes, oddPercent, columns) =>
            {
                var random = new Random(seed);
                using var store = new TestStore(new StoreOptions { OutOfOrderWindow = TimeSpan.FromMinutes(3) });
                var expected = new Dictionary<int, SortedDictionary<long, long>>();
                var newestMs = new Dictionary<int, long>();
                int[] cgroupOf = [.. Enumerable.Range(0, series).Select(_ => random.Next(cgroups))];
                SeriesHandle[] handles = [.. Enumerable.Range(0, series).Select(one => store.Store.Resolve(Acme, Labels("m", ("id", $"{one}"))))];
                for (int scrape = 0; scrape < scrapes; scrape++)
                {
                    using WriteBatch batch = store.Store.BeginBatch();
                    long[] timesMs = [.. Enumerable.Range(0, cgroups).Select(_ => (scrape * 10_000L) + random.Next(random.Next(4) == 0 ? 2 : 3000))];
                    for (int one = 0; one < series; one++)
                    {
                        bool isOdd = random.Next(100) < oddPercent;
                        int kind = isOdd ? random.Next(6) : 0;
                        if (kind == 1)
                            continue;
                        if (kind == 2)
                            cgroupOf[one] = random.Next(cgroups);
                        long timeMs = timesMs[cgroupOf[one]] - (kind == 3 ? random.Next(300_000) : 0);
                        long bits = columns[one % columns.Length][scrape % columns[one % columns.Length].Length];
                        batch.Add(handles[one], store.StartMs + timeMs, BitConverter.Int64BitsToDouble(bits));
                        Expect(expected, newestMs, one, timeMs, bits);
                    }
                    WriteResult result = await batch.CommitAsync(CancellationToken.None);
                    Assert.That(result.TooOld + result.TooNew, Is.Zero);
                    if (scrape % 60 == 59)
                        store.Clock.Advance(TimeSpan.FromMinutes(10));
                }
                for (int one = 0; one < series; one++)
                {
                    IEnumerable<(long, long)> stored = store.Samples(Scope(Acme), TimeRange.All, Matcher.Equal("id", $"{one}"))
                        .Select(sample => (sample.AfterMs, BitConverter.DoubleToInt64Bits(sample.Value)));
                    Assert.That(stored, Is.EqualTo(expected.GetValueOrDefault(one)?.Select(sample => (sample.Key, sample.Value)) ?? []));
                }
            }, iter: 20);

    // What the window lets in: newer than the newest less the window, and not there yet.
    private static void Expect(Dictionary<int, SortedDictionary<long, long>> expected, Dictionary<int, long> newestMs, int one, long timeMs, long bits)
    {
        if (!expected.TryGetValue(one, out SortedDictionary<long, long>? samples))
            expected.Add(one, samples = []);
        if (samples.Count == 0 || timeMs >= newestMs[one] - 180_000)
        {
            samples.TryAdd(timeMs, bits);
            newestMs[one] = Math.Max(newestMs.GetValueOrDefault(one, long.MinValue), timeMs);
        }
    }
}
