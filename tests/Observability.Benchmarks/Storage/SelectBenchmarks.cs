using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using Observability.Storage;

namespace Observability.Benchmarks.Storage;

/// <summary>What a selection costs in a large partition, with a grant of some namespaces, and where many other tenants are.</summary>
[MemoryDiagnoser]
public class SelectBenchmarks
{
    private const int Series = 300_000;
    private const int Tenants = 1000;
    private const int SeriesOfTenant = 100;

    private static readonly Matcher[] Matchers =
    [
        Matcher.Equal("job", "kubelet"), new("container", MatchOperator.NotEqual, ""), new("__name__", MatchOperator.Regex, "container_family_(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16)_total"),
        Matcher.Equal("namespace", "ns-3"),
    ];

    private static readonly TenantScope Limited = new([new TenantGrant(KubeletSeries.Tenant, [new NamespaceGrant("ns-3", 0)], Rights.Metrics)]);
    private static readonly TenantUid One = TenantUid.Parse(new string('b', 32));

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly SampleColumns _columns = new();
    private MetricStore _large = null!; // made by the setup
    private MetricStore _alone = null!;
    private MetricStore _many = null!;

    [GlobalSetup]
    public async Task FillAsync()
    {
        _large = new MetricStore(new StoreOptions { MaxSeriesPerPartition = Series }, new VolatileJournal(), _clock);
        await FillAsync(_large, KubeletSeries.Tenant, Series, 1);
        _alone = new MetricStore(new StoreOptions(), new VolatileJournal(), _clock);
        await FillAsync(_alone, One, SeriesOfTenant, 240);
        _many = new MetricStore(new StoreOptions(), new VolatileJournal(), _clock);
        for (int tenant = 1; tenant < Tenants; tenant++)
            await FillAsync(_many, TenantUid.Parse(tenant.ToString("x32", System.Globalization.CultureInfo.InvariantCulture)), SeriesOfTenant, 240);
        await FillAsync(_many, One, SeriesOfTenant, 240);
    }

    /// <summary>Some 9,600 of 300,000 series by four matchers, with their label sets, in no order.</summary>
    [Benchmark]
    public int TenThousandOfManyWithLabels()
    {
        int labels = 0;
        foreach (SelectedSeries series in _large.SelectUnordered(KubeletSeries.Scope, Matchers, TimeRange.All, CancellationToken.None))
            labels += series.Labels.Count;
        return labels;
    }

    /// <summary>The same, sorted.</summary>
    [Benchmark]
    public int TenThousandOfManySorted() => _large.Select(KubeletSeries.Scope, Matchers, TimeRange.All, CancellationToken.None).Count;

    /// <summary>The same by a grant of one namespace instead of the matcher.</summary>
    [Benchmark]
    public int TenThousandOfOneNamespace()
    {
        int labels = 0;
        foreach (SelectedSeries series in _large.SelectUnordered(Limited, Matchers[..3], TimeRange.All, CancellationToken.None))
            labels += series.Labels.Count;
        return labels;
    }

    /// <summary>A tenant's 100 series with an hour of samples each, alone in the store.</summary>
    [Benchmark(Baseline = true)]
    public int OneTenantAlone() => ReadAll(_alone);

    /// <summary>The same among 999 others.</summary>
    [Benchmark]
    public int OneTenantOfAThousand() => ReadAll(_many);

    private int ReadAll(MetricStore store)
    {
        int read = 0;
        foreach (SelectedSeries series in store.Select(new TenantScope([TenantGrant.Whole(One, Rights.Metrics)]), [Matcher.Equal("job", "kubelet")], TimeRange.All, CancellationToken.None))
        {
            _columns.Clear();
            series.Read(_columns);
            read += _columns.Count;
        }
        return read;
    }

    private async Task FillAsync(MetricStore store, TenantUid tenant, int count, int scrapes)
    {
        SeriesHandle[] series = [.. Enumerable.Range(0, count).Select(i => store.Resolve(tenant, KubeletSeries.At(i)))];
        long nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (int scrape = 0; scrape < scrapes; scrape++)
        {
            using WriteBatch batch = store.BeginBatch();
            for (int i = 0; i < count; i++)
                batch.Add(series[i], KubeletSeries.TimeMs(nowMs - ((scrapes - scrape) * 15_000L), i), KubeletSeries.Value(i, scrape));
            await batch.CommitAsync(CancellationToken.None);
        }
    }
}
