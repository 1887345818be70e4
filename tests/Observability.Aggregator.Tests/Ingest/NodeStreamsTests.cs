using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Ingest;

namespace Observability.Aggregator.Tests.Ingest;

public class NodeStreamsTests
{
    [Test]
    public async Task A_stream_waits_for_all_that_were_before_it_though_one_between_gave_up()
    {
        await using TestAggregator aggregator = await TestAggregator.StartAsync();
        NodeStreams nodes = aggregator.AggregatorHost.Services.GetRequiredService<NodeStreams>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        StreamSeat storing = nodes.Enter("n1", "c1");
        StreamSeat waiting = nodes.Enter("n1", "c1");
        Task gaveUp = waiting.WaitForPredecessorAsync(waiting.Replaced);
        StreamSeat newest = nodes.Enter("n1", "c1");
        await Assert.CatchAsync<OperationCanceledException>(() => gaveUp);

        waiting.Leave([]);
        Task turn = newest.WaitForPredecessorAsync(timeout.Token);

        Assert.That(turn.IsCompleted, Is.False, "the first one still stores");
        storing.Leave([]);
        await turn;
    }
}
