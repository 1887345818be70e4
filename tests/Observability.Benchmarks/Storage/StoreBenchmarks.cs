using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using Observability.Storage;

namespace Observability.Benchmarks.Storage;

/// <summary>What a sample costs on its way in, and a selection on its way out.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int BatchSize = 10_000;
    private const int SamplesEach = 480; // two hours at 15 s

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<Sample> _samples = [];
    private readonly Random _random = new(1);
    private SeriesHandle[] _written = [];
    private MetricStore _store = null!; // made by the setup
    private MetricStore _filled = null!;
    private long _timeMs;

    [GlobalSetup]
    public async Task FillAsync()
    {
        _store = new MetricStore(new StoreOptions(), new VolatileJournal(), _clock);
        _written = [.. Enumerable.Range(0, BatchSize).Select(i => _store.Resolve(KubeletSeries.Tenant, KubeletSeries.At(i)))];
        _timeMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();

        _filled = new MetricStore(new StoreOptions(), new VolatileJournal(), _clock);
        SeriesHandle[] filled = [.. Enumerable.Range(0, 50_000).Select(i => _filled.Resolve(KubeletSeries.Tenant, KubeletSeries.At(i)))];
        for (int i = 0; i < SamplesEach; i++)
        {
            using WriteBatch batch = _filled.BeginBatch();
            for (int one = 0; one < filled.Length; one += one < 500 ? 1 : 250)
                batch.Add(filled[one], _timeMs - ((SamplesEach - i) * 15_000L) + _random.Next(3000), Value(one, i));
            await batch.CommitAsync(CancellationToken.None);
        }
    }

    /// <summary>One scrape's batch of 10,000 series, times jittered by seconds.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public async Task<int> AppendAsync()
    {
        _timeMs += 15_000;
        _clock.Advance(TimeSpan.FromSeconds(15));
        using WriteBatch batch = _store.BeginBatch();
        for (int i = 0; i < _written.Length; i++)
            batch.Add(_written[i], _timeMs + (i * 7919 % 3000), Value(i, (int)(_timeMs / 15_000 % 10_000)));
        if (_timeMs / 15_000 % 40 == 0)
            _store.Truncate(); // every ten minutes
        return (await batch.CommitAsync(CancellationToken.None)).Accepted;
    }

    /// <summary>500 series of two hours out of 50,000: a sample's share of selecting, copying and decoding.</summary>
    [Benchmark(OperationsPerInvoke = 500 * SamplesEach)]
    public int SelectAndDecode()
    {
        _samples.Clear();
        foreach (SelectedSeries series in _filled.Select(KubeletSeries.Scope, [new Matcher("pod", MatchOperator.Regex, "web-7d4b9c6f5-0000[0-9]")], TimeRange.All, CancellationToken.None))
            series.CopyTo(_samples);
        return _samples.Count;
    }

    /// <summary>Three equality matchers over 50,000 series; the answer has few.</summary>
    [Benchmark]
    public int IntersectPostings() => _filled.Select(KubeletSeries.Scope,
        [Matcher.Equal("namespace", "ns-3"), Matcher.Equal("job", "kubelet"), Matcher.Equal("__name__", "container_family_7_total")],
        TimeRange.All, CancellationToken.None).Count;

    /// <summary>A quarter constant, half rising in steps, a quarter with decimals.</summary>
    private static double Value(int series, int at) => (series & 3) switch { 0 => 42, 1 or 2 => at * 4096L, _ => at * 0.137 };
}
