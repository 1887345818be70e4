using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using Observability.Storage;

namespace Observability.Benchmarks.Storage;

/// <summary>What a sample costs on its way into the head, and on its way out.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int BatchSize = 25_000;
    private const int SamplesEach = 480; // two hours at 15 s

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly SampleColumns _columns = new();
    private SeriesHandle[] _written = [];
    private IReadOnlyList<SelectedSeries> _selected = [];
    private MetricStore _store = null!; // made by the setup
    private long _timeMs;
    private int _scrape;

    [GlobalSetup]
    public async Task FillAsync()
    {
        _store = new MetricStore(new StoreOptions(), new VolatileJournal(), _clock);
        _written = [.. Enumerable.Range(0, BatchSize).Select(i => _store.Resolve(KubeletSeries.Tenant, KubeletSeries.At(i)))];
        _timeMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < SamplesEach; i++)
            await AppendAsync();
        _selected = _store.Select(KubeletSeries.Scope, [Matcher.Equal("namespace", "ns-3")], TimeRange.All, CancellationToken.None);
    }

    /// <summary>A scrape's batch of 25,000 series of 1,000 containers: added, journaled nowhere, appended, packed where full.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public async Task<int> AppendAsync()
    {
        _timeMs += 15_000;
        _scrape++;
        _clock.Advance(TimeSpan.FromSeconds(15));
        using WriteBatch batch = _store.BeginBatch();
        for (int i = 0; i < _written.Length; i++)
            batch.Add(_written[i], KubeletSeries.TimeMs(_timeMs, i), KubeletSeries.Value(i, _scrape));
        if (_scrape % 40 == 0)
            _store.Truncate(); // every ten minutes
        return (await batch.CommitAsync(CancellationToken.None)).Accepted;
    }

    /// <summary>What the generator of times and values takes of the above.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public double Generate()
    {
        double sum = 0;
        for (int i = 0; i < BatchSize; i++)
            sum += KubeletSeries.TimeMs(_timeMs, i) + KubeletSeries.Value(i, _scrape);
        return sum;
    }

    /// <summary>The two hours of 1,250 series: a sample's share of copying and decoding.</summary>
    [Benchmark(OperationsPerInvoke = 1250 * SamplesEach)]
    public int Decode()
    {
        int read = 0;
        foreach (SelectedSeries series in _selected)
        {
            _columns.Clear();
            series.Read(_columns);
            read += _columns.Count;
        }
        return read;
    }
}
