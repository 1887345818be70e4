using Observability.Protocol.Ingest;
using Observability.Storage;

namespace Observability.Aggregator.Tests.Ingest;

public class AcknowledgementTests
{
    [Test]
    public async Task Nothing_is_acknowledged_before_the_journal_has_it()
    {
        var journal = new HeldJournal();
        await using TestAggregator aggregator = await TestAggregator.StartAsync(journal);
        using var stream = new CollectorStream(aggregator, "i.agent.n1");
        await stream.HelloAsync("n1");
        await stream.DefineAsync(1, TestAggregator.Web, aggregator.TenantOf(TestAggregator.Web));
        await stream.BatchAsync(1, new BatchSample(1, aggregator.NowMs, 42));

        await journal.Reached.WaitAsync(TimeSpan.FromSeconds(60));
        Task<ulong> ack = stream.AckAsync();
        bool early = ack.IsCompleted || aggregator.Stored("container_memory_rss").Count > 0;
        journal.Release();

        Assert.That(early, Is.False);
        Assert.That(await ack, Is.EqualTo(1));
    }

    [Test]
    public async Task A_restarted_aggregator_takes_what_was_not_acknowledged_on_a_new_stream()
    {
        string tenant;
        await using (TestAggregator first = await TestAggregator.StartAsync())
            tenant = first.TenantOf(TestAggregator.Web);
        await using TestAggregator second = await TestAggregator.StartAsync();
        using var stream = new CollectorStream(second, "i.agent.n1");

        Protocol.V1.Welcome welcome = await stream.HelloAsync("n1");
        await stream.DefineAsync(1, TestAggregator.Web, second.TenantOf(TestAggregator.Web));
        await stream.BatchAsync(17, new BatchSample(1, second.NowMs, 42));

        Assert.That(tenant, Is.Not.Empty);
        Assert.That(welcome.AcknowledgedSequence, Is.Zero);
        Assert.That(await stream.AckAsync(), Is.EqualTo(17));
        Assert.That(second.Stored("container_memory_rss"), Has.Count.EqualTo(1));
    }

    /// <summary>Lets writes with samples of collectors wait.</summary>
    private sealed class HeldJournal : IJournal
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Release() => _released.TrySetResult();

        public async ValueTask WriteAsync(IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
        {
            if (!batch.Any(record => record.LabelsOf(0)["job"] == "kubelet"))
                return;
            _reached.TrySetResult();
            await _released.Task;
        }
    }
}
