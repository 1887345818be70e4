using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;

namespace Observability.Storage.Tests;

/// <summary>A store on a clock that is moved by hand, and short ways to write and read it.</summary>
internal sealed class TestStore : IDisposable
{
    public static readonly TenantUid Acme = TenantUid.Parse(new string('a', 32));
    public static readonly TenantUid Globex = TenantUid.Parse(new string('b', 32));

    public TestStore(StoreOptions? options = null, IJournal? journal = null, System.Diagnostics.Metrics.IMeterFactory? meters = null)
    {
        Store = new MetricStore(options ?? new StoreOptions(), journal ?? new VolatileJournal(), Clock, meters);
        StartMs = Clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public MetricStore Store { get; }

    /// <summary>The clock's time when the store was made.</summary>
    public long StartMs { get; }

    public static TenantScope Scope(params TenantUid[] tenants) =>
        new([.. tenants.Select(tenant => TenantGrant.Whole(tenant, Rights.Metrics))], isOperator: tenants.Any(tenant => tenant.IsOperatorPartition));

    public static TenantScope Limited(TenantUid tenant, params NamespaceGrant[] namespaces) =>
        new([new TenantGrant(tenant, [.. namespaces], Rights.Metrics)]);

    public static LabelSet Labels(string name, params (string Name, string Value)[] labels) =>
        LabelSet.Of([(LabelNames.MetricName, name), .. labels]);

    public async Task<WriteResult> WriteAsync(TenantUid tenant, LabelSet labels, params (long AfterMs, double Value)[] samples)
    {
        using WriteBatch batch = Store.BeginBatch();
        SeriesHandle series = Store.Resolve(tenant, labels);
        foreach ((long afterMs, double value) in samples)
            batch.Add(series, StartMs + afterMs, value);
        return await batch.CommitAsync(CancellationToken.None);
    }

    public async Task<WriteResult> EndAsync(TenantUid tenant, LabelSet labels)
    {
        using WriteBatch batch = Store.BeginBatch();
        batch.AddStale(Store.Resolve(tenant, labels));
        return await batch.CommitAsync(CancellationToken.None);
    }

    public IReadOnlyList<SelectedSeries> Select(TenantScope scope, params Matcher[] matchers) =>
        Store.Select(scope, matchers, TimeRange.All, CancellationToken.None);

    public string[] SelectNames(TenantScope scope, params Matcher[] matchers) =>
        [.. Select(scope, matchers).Select(series => series.Labels.ToString())];

    /// <summary>The samples of the one series that matches, with times after the start.</summary>
    public (long AfterMs, double Value)[] Samples(TenantScope scope, TimeRange range, params Matcher[] matchers)
    {
        IReadOnlyList<SelectedSeries> selected = Store.Select(scope, matchers, range, CancellationToken.None);
        Assert.That(selected, Has.Count.LessThanOrEqualTo(1));
        var samples = new List<Sample>();
        foreach (SelectedSeries series in selected)
            series.CopyTo(samples);
        return [.. samples.Select(sample => (sample.TimestampMs - StartMs, sample.Value))];
    }

    public void Dispose() => Store.Dispose();
}
