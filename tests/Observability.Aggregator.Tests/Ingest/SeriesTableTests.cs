using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Ingest;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.Tests.Ingest;

public class SeriesTableTests
{
    private TestAggregator _aggregator = null!;
    private SeriesTable _table = null!;

    [SetUp]
    public async Task A_stream_that_may_define_one_series()
    {
        _aggregator = await TestAggregator.StartAsync();
        IServiceProvider services = _aggregator.AggregatorHost.Services;
        _table = new SeriesTable("n1", new AggregatorOptions { Ingest = { MaxSeriesPerNode = 1 } }, _aggregator.Store,
            services.GetRequiredService<IngestMetrics>(), services.GetRequiredService<RefusalLog>());
        _table.Define(new SeriesDefinitions { Symbols = { "container_memory_rss" }, Series = { Definition(1) } }, _aggregator.Directory.Current, _ => { });
    }

    [TearDown]
    public async Task Stop() => await _aggregator.DisposeAsync();

    [Test]
    public void A_series_over_the_limit_is_refused_and_not_taken_for_one_that_was_never_defined()
    {
        Refusals? refusals = _table.Define(new SeriesDefinitions { Series = { Definition(2) } }, _aggregator.Directory.Current, _ => { });

        Assert.That(refusals!.Refusals_.Single().Reason, Is.EqualTo(RefusalReason.Limit));
        Assert.That(Undefined(2), Is.Zero, "to define all again would make room for nothing");
    }

    [Test]
    public void A_series_that_was_never_defined_is_told_apart() => Assert.That(Undefined(2), Is.EqualTo(1));

    [Test]
    public void A_series_of_a_pod_that_is_forgotten_is_not_asked_for_again()
    {
        _table.Forget(new NodeChange(9, IsFull: false, [], [TestAggregator.Web]));

        Assert.That(Undefined(1), Is.Zero, "its pod would be unknown");
    }

    [Test]
    public void What_a_full_state_does_not_have_is_forgotten()
    {
        IReadOnlyList<SeriesHandle> kept = _table.Forget(new NodeChange(9, IsFull: true, [.. _aggregator.Directory.Current.PodsOn("n1")], []));
        IReadOnlyList<SeriesHandle> gone = _table.Forget(new NodeChange(10, IsFull: true, [], []));

        Assert.That((kept.Count, gone.Count), Is.EqualTo((0, 1)));
    }

    private SeriesDefinition Definition(uint reference) => new()
    {
        Ref = reference, Kind = RowKind.Container, PodUid = TestAggregator.Web, Tenant = _aggregator.TenantOf(TestAggregator.Web), Container = "main",
        MetricsPath = "/metrics/cadvisor",
    };

    private int Undefined(uint reference)
    {
        using WriteBatch write = _aggregator.Store.BeginBatch();
        _table.Append([new BatchSample(reference, _aggregator.NowMs, 1)], _aggregator.Directory.Current, write, out int unknownRefs);
        return unknownRefs;
    }
}
