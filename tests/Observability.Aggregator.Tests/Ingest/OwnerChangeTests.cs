using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Ingest;
using Observability.Model;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;
using Observability.Storage;

namespace Observability.Aggregator.Tests.Ingest;

/// <summary>A namespace changes hands between two batches of a stream.</summary>
public class OwnerChangeTests
{
    private TestAggregator _aggregator = null!;
    private SeriesTable _table = null!;

    [SetUp]
    public async Task Start()
    {
        _aggregator = await TestAggregator.StartAsync();
        IServiceProvider services = _aggregator.AggregatorHost.Services;
        _table = new SeriesTable("n1", services.GetRequiredService<AggregatorOptions>(), _aggregator.Store,
            services.GetRequiredService<IngestMetrics>(), services.GetRequiredService<RefusalLog>());
        _table.Define(
            new SeriesDefinitions
            {
                Symbols = { "container_memory_rss" },
                Series =
                {
                    new SeriesDefinition
                    {
                        Ref = 1, Kind = RowKind.Container, PodUid = TestAggregator.Web, Tenant = _aggregator.TenantOf(TestAggregator.Web), Container = "main",
                        MetricsPath = "/metrics/cadvisor",
                    },
                },
            },
            _aggregator.Directory.Current, _ => { });
    }

    [TearDown]
    public async Task Stop() => await _aggregator.DisposeAsync();

    [Test]
    public async Task The_old_owners_series_ends_also_when_a_batch_saw_the_new_owner_first()
    {
        await AppendAsync(1);
        _aggregator.Time.Advance(TimeSpan.FromSeconds(5));
        _aggregator.Directory.Upsert(TestAggregator.Namespace("acme-web", "globex", version: 20));
        _aggregator.Time.Advance(TimeSpan.FromSeconds(5));

        await AppendAsync(2);
        IReadOnlyList<string> changed = await EndChangedOwnersAsync();

        Assert.That(changed, Is.EqualTo(new[] { TestAggregator.Web }));
        List<Sample> samples = [];
        _aggregator.Stored("container_memory_rss").Single(series => series.Labels["tenant"] == "acme").CopyTo(samples);
        Assert.That(samples.Select(sample => StaleMarker.Is(sample.Value)), Is.EqualTo(new[] { false, true }));
        Assert.That(await EndChangedOwnersAsync(), Is.Empty, "told once");
    }

    [Test]
    public async Task What_the_new_owner_got_under_the_old_definition_ends_with_it()
    {
        await AppendAsync(1);
        _aggregator.Time.Advance(TimeSpan.FromSeconds(5));
        _aggregator.Directory.Upsert(TestAggregator.Namespace("acme-web", "globex", version: 20));
        _aggregator.Time.Advance(TimeSpan.FromSeconds(5));
        await AppendAsync(2);
        await EndChangedOwnersAsync();

        using (WriteBatch write = _aggregator.Store.BeginBatch())
        {
            _table.End([1], write);
            await write.CommitAsync(CancellationToken.None);
        }

        List<Sample> samples = [];
        _aggregator.Stored("container_memory_rss").Single(series => series.Labels["tenant"] == "globex").CopyTo(samples);
        Assert.That(samples.Select(sample => StaleMarker.Is(sample.Value)), Is.EqualTo(new[] { false, true }));
        Assert.That(_table.Handles().Count(), Is.EqualTo(2), "both wait for the collector to come back");
    }

    private async Task AppendAsync(double value)
    {
        using WriteBatch write = _aggregator.Store.BeginBatch();
        _table.Append([new BatchSample(1, _aggregator.NowMs, value)], _aggregator.Directory.Current, write, out _);
        await write.CommitAsync(CancellationToken.None);
    }

    private async Task<IReadOnlyList<string>> EndChangedOwnersAsync()
    {
        using WriteBatch write = _aggregator.Store.BeginBatch();
        IReadOnlyList<string> changed = _table.EndChangedOwners(_aggregator.Directory.Current, write);
        await write.CommitAsync(CancellationToken.None);
        return changed;
    }
}
