using System.Globalization;
using Observability.Model;

namespace Observability.Storage.Crash;

/// <summary>
/// What one writer writes: which series have a sample in which batch, when, and with which bits, all computed from the numbers, so that
/// another process can tell whether what it reads is right and whole.
/// </summary>
internal sealed class Workload(int writer, int stepMs)
{
    public const int Writers = 2;
    private const int Series = 60;
    private const int BatchesPerGeneration = 400; // then every series is another one, as after a roll-out

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SeriesHandle?[] _handles = new SeriesHandle?[Series];
    private int _generation = -1;

    public static IReadOnlyList<TenantUid> Partitions { get; } = [TenantUid.Parse(new string('a', 32)), TenantUid.Parse(new string('b', 32)), TenantUid.System];

    public static DateTimeOffset TimeOf(int batch, int stepMs) => Start.AddMilliseconds((long)batch * stepMs);

    /// <summary>Writes a batch; it may be acknowledged when this returns.</summary>
    public async Task WriteAsync(MetricStore store, int batch)
    {
        int generation = batch / BatchesPerGeneration;
        using WriteBatch write = store.BeginBatch();
        for (int series = 0; series < Series; series++)
        {
            if (!Has(series, batch))
                continue;
            if (_generation != generation || _handles[series] is null)
                _handles[series] = store.Resolve(Partitions[series % Partitions.Count], LabelsOf(series, generation));
            write.Add(_handles[series]!, TimeMs(series, batch), BitConverter.Int64BitsToDouble(Bits(series, batch)));
        }
        if (_generation != generation)
        {
            for (int series = 0; series < Series; series++)
            {
                if (!Has(series, batch))
                    _handles[series] = null; // still one of the generation before
            }
            _generation = generation;
        }
        WriteResult result = await write.CommitAsync(CancellationToken.None);
        if (result.Refused > 0)
            throw new InvalidOperationException($"writer {writer} batch {batch}: {result}");
    }

    /// <summary>Compares all that can be read of the writer with what was acknowledged.</summary>
    /// <param name="store">Just started.</param>
    /// <param name="acknowledged">Batches that were acknowledged, from 0; the next one may be there or not, in part or whole.</param>
    /// <returns>What is wrong; none if all is well. And how many samples were compared.</returns>
    public (IReadOnlyList<string> Faults, long Samples) Verify(MetricStore store, int acknowledged)
    {
        List<string> faults = [];
        long compared = 0;
        var seen = new HashSet<(int Series, int Generation)>();
        var samples = new List<Sample>();
        var scope = new TenantScope([.. Partitions.Select(partition => TenantGrant.Whole(partition, Rights.Metrics))], isOperator: true);
        foreach (SelectedSeries found in store.Select(scope, [Matcher.Equal("writer", writer.ToString(CultureInfo.InvariantCulture))], TimeRange.All, CancellationToken.None))
        {
            int series = int.Parse(found.Labels["series"]!, CultureInfo.InvariantCulture);
            int generation = int.Parse(found.Labels["generation"]!, CultureInfo.InvariantCulture);
            seen.Add((series, generation));
            samples.Clear();
            found.CopyTo(samples);
            if (found.Labels != LabelsOf(series, generation) || found.Tenant != Partitions[series % Partitions.Count])
                faults.Add($"{found.Labels} is in {found.Tenant}");
            compared += Compare(series, generation, acknowledged, samples, faults);
        }
        for (int generation = 0; generation * BatchesPerGeneration < acknowledged; generation++)
        {
            for (int series = 0; series < Series; series++)
            {
                if (!seen.Contains((series, generation)) && Expected(series, generation, acknowledged).Any())
                    faults.Add($"series {series} of writer {writer} in generation {generation} is lost");
            }
        }
        return (faults, compared);
    }

    private long Compare(int series, int generation, int acknowledged, List<Sample> samples, List<string> faults)
    {
        int at = 0;
        foreach (int batch in Expected(series, generation, acknowledged))
        {
            if (at < samples.Count && samples[at].TimestampMs == TimeMs(series, batch))
            {
                if (BitConverter.DoubleToInt64Bits(samples[at].Value) != Bits(series, batch))
                    faults.Add($"series {series} of writer {writer} has wrong bits in batch {batch}");
                at++;
            }
            else
                faults.Add($"series {series} of writer {writer} lost batch {batch}");
        }
        for (; at < samples.Count; at++)
        {
            // Only the batch that was under way when the process ended can be there without having been acknowledged.
            if (acknowledged / BatchesPerGeneration != generation || !Has(series, acknowledged) || samples[at].TimestampMs != TimeMs(series, acknowledged)
                || BitConverter.DoubleToInt64Bits(samples[at].Value) != Bits(series, acknowledged))
                faults.Add($"series {series} of writer {writer} has a sample at {samples[at].TimestampMs} that nobody wrote");
        }
        return samples.Count;
    }

    private IEnumerable<int> Expected(int series, int generation, int acknowledged) =>
        Enumerable.Range(generation * BatchesPerGeneration, Math.Min(BatchesPerGeneration, Math.Max(0, acknowledged - (generation * BatchesPerGeneration))))
            .Where(batch => Has(series, batch));

    private LabelSet LabelsOf(int series, int generation) => LabelSet.Of(
        (LabelNames.MetricName, $"metric_{series % 7}"), ("namespace", $"ns-{series % 4}"), ("series", series.ToString(CultureInfo.InvariantCulture)),
        ("writer", writer.ToString(CultureInfo.InvariantCulture)), ("generation", generation.ToString(CultureInfo.InvariantCulture)));

    private long TimeMs(int series, int batch) => TimeOf(batch, stepMs).ToUnixTimeMilliseconds() + (series / Partitions.Count % 3 * 7);

    private bool Has(int series, int batch) => (Hash(series, batch) & 3) != 0;

    private long Bits(int series, int batch)
    {
        ulong hash = Hash(series, batch);
        return (hash >> 8 & 7) switch
        {
            0 => BitConverter.DoubleToInt64Bits(double.NaN) | (long)(hash & 0xFFFF), // payloads count
            1 => BitConverter.DoubleToInt64Bits(double.PositiveInfinity),
            2 => 0,
            3 => BitConverter.DoubleToInt64Bits(hash % 1_000_000 / 100.0),
            _ => BitConverter.DoubleToInt64Bits((double)batch * 4096 * (series + 1)),
        };
    }

    private ulong Hash(int series, int batch)
    {
        ulong x = ((ulong)writer << 48) ^ ((ulong)series << 32) ^ (uint)batch;
        x = (x ^ (x >> 31)) * 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9;
        return x ^ (x >> 32);
    }
}
