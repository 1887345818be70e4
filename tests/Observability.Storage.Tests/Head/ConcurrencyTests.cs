using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Head;

internal sealed class ConcurrencyTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Test, CancelAfter(60_000)]
    public async Task Readers_see_whole_rising_samples_while_writers_write_and_truncations_run(CancellationToken cancellationToken)
    {
        const int Writers = 2, SeriesOfEach = 30, Samples = 2000;
        using var done = new CancellationTokenSource();
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < Samples; i++)
            {
                using WriteBatch batch = _store.Store.BeginBatch();
                for (int one = 0; one < SeriesOfEach; one++)
                {
                    // The value follows from the time, so that a torn sample shows.
                    SeriesHandle series = _store.Store.Resolve(Acme, Labels("up", ("id", $"{writer}-{one}")));
                    batch.Add(series, _store.StartMs + i, ValueAt(_store.StartMs + i));
                }
                // Series that come and go make the index move.
                batch.Add(_store.Store.Resolve(Acme, Labels("short", ("id", $"{writer}-{i}"))), _store.StartMs - 7_190_000, 1);
                await batch.CommitAsync(cancellationToken);
                if (i % 200 == 199)
                {
                    _store.Clock.Advance(TimeSpan.FromSeconds(6));
                    _store.Store.Truncate();
                }
            }
        }, cancellationToken))];
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            int read = 0;
            var samples = new List<Sample>();
            do
            {
                foreach (SelectedSeries series in _store.Select(Scope(Acme), Matcher.Equal("__name__", "up"), new Matcher("id", MatchOperator.Regex, ".*-.*")))
                {
                    Assert.That(series.Labels.MetricName, Is.EqualTo("up"));
                    samples.Clear();
                    series.CopyTo(samples);
                    for (int i = 0; i < samples.Count; i++)
                    {
                        if (samples[i].TimestampMs != _store.StartMs + i || samples[i].Value != ValueAt(samples[i].TimestampMs))
                            Assert.Fail($"Sample {i} of {series.Labels} is {samples[i]}");
                    }
                    read += samples.Count;
                }
            }
            while (!done.IsCancellationRequested);
            return read;
        }, cancellationToken))];

        await Task.WhenAll(writers);
        await done.CancelAsync();

        Assert.That(await Task.WhenAll(readers), Is.All.GreaterThan(0));
        IReadOnlyList<SelectedSeries> all = _store.Select(Scope(Acme), Matcher.Equal("__name__", "up"));
        Assert.That(all, Has.Count.EqualTo(Writers * SeriesOfEach));
    }

    private static double ValueAt(long timestampMs) => Math.Sqrt(timestampMs);
}
