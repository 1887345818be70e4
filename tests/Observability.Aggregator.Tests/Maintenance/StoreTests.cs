using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Observability.Aggregator.Listening;
using Observability.Aggregator.Maintenance;
using Observability.Aggregator.Surfaces;
using Observability.Aggregator.Tests.Ingest;
using Observability.Protocol.Ingest;
using Observability.Storage;

namespace Observability.Aggregator.Tests.Maintenance;

/// <summary>An aggregator whose store has a folder.</summary>
internal sealed class StoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("observability-aggregator-");

    private StoreSettings OnDisk => new() { Path = Path.Combine(_folder.FullName, "store"), ReserveBytes = 0 };

    public void Dispose() => _folder.Delete(recursive: true);

    [Test]
    public async Task What_it_acknowledged_is_there_after_a_restart()
    {
        var tenancy = new TenancyOptions { DatabaseFile = Path.Combine(_folder.FullName, "tenancy.db") };
        await using (TestAggregator first = await TestAggregator.StartAsync(tenancy: tenancy, store: OnDisk))
        {
            using var stream = new CollectorStream(first, "i.agent.n1");
            await stream.HelloAsync("n1");
            await stream.DefineAsync(1, TestAggregator.Web, first.TenantOf(TestAggregator.Web));
            await stream.BatchAsync(1, new BatchSample(1, first.NowMs, 42));
            Assert.That(await stream.AckAsync(), Is.EqualTo(1));
        }

        await using TestAggregator second = await TestAggregator.StartAsync(tenancy: tenancy, store: OnDisk);

        Assert.That(second.Stored("container_memory_rss"), Has.Count.EqualTo(1));
        Assert.That((await second.GetAsync(second.AggregatorHost.Endpoints.Admin, "/readyz", null)).Body,
            Does.Contain("\"store\":{\"durable\":true,\"replayed\":1,\"lostBytes\":0,\"refusing\":null,\"trouble\":null}"));
    }

    [Test]
    public async Task A_second_aggregator_on_the_folder_does_not_start()
    {
        await using TestAggregator first = await TestAggregator.StartAsync(store: OnDisk);

        Assert.That(async () => await TestAggregator.StartAsync(store: OnDisk),
            Throws.InstanceOf<StoreDirectoryException>().With.Message.Contains($"process {Environment.ProcessId}"));
    }

    [Test]
    public async Task While_the_disk_is_full_collectors_are_told_to_come_back_and_queries_are_answered()
    {
        StoreSettings full = OnDisk;
        full.ReserveBytes = 1L << 60;
        await using TestAggregator aggregator = await TestAggregator.StartAsync(store: full);
        using var stream = new CollectorStream(aggregator, "i.agent.n1");

        RpcException? refused = await Assert.ThrowsAsync<RpcException>(async () => await stream.HelloAsync("n1"));
        (int status, _, string ready) = await aggregator.GetAsync(aggregator.AggregatorHost.Endpoints.Admin, "/readyz", null);
        (int query, _, _) = await aggregator.GetAsync(aggregator.AggregatorHost.Endpoints.Query, "/api/v1/model/namespaces", "q.acme");

        Assert.That(refused!.Status.StatusCode, Is.EqualTo(StatusCode.Unavailable));
        Assert.That(refused.Status.Detail, Does.Contain("disk"));
        Assert.That((status, query), Is.EqualTo((200, 200)));
        Assert.That(ready, Does.Contain("\"refusing\":\"The store\\u0027s disk"));
    }

    [Test]
    public async Task While_the_store_is_being_read_nobody_is_answered_from_a_part_of_it()
    {
        using StoreDirectory directory = StoreDirectory.Open(OnDisk.Path, TimeProvider.System);
        await using var journal = new Journal(directory, new JournalOptions(), TimeProvider.System);
        var state = new StoreState(journal);
        int passed = 0;
        var gate = new StoreGate(_ => { passed++; return Task.CompletedTask; }, state);

        int health = await AskAsync(gate, new Surface(Listeners.Admin, SurfaceRight.Open));
        int before = await AskAsync(gate, new Surface(Listeners.Query, SurfaceRight.Metrics));
        string? reason = state.NotServing;
        state.Serve();
        int after = await AskAsync(gate, new Surface(Listeners.Query, SurfaceRight.Metrics));

        Assert.That((health, before, after), Is.EqualTo((200, 503, 200)));
        Assert.That(passed, Is.EqualTo(2));
        Assert.That(reason, Does.StartWith("the store is being read"));
    }

    private static async Task<int> AskAsync(StoreGate gate, Surface surface)
    {
        var context = new DefaultHttpContext();
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(surface), "test"));
        await gate.InvokeAsync(context);
        return context.Response.StatusCode;
    }
}
