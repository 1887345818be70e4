using System.Threading.Channels;
using Grpc.Core;
using Observability.Aggregator.ModelApi;
using Observability.Aggregator.ModelApi.Grpc;
using Observability.Model;
using Observability.Protocol.V1;
using static Observability.Aggregator.Tests.ModelApi.Cluster;

namespace Observability.Aggregator.Tests.ModelApi.Grpc;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MetricWatchTests
{
    private const string Memory = "container_memory_working_set_bytes";
    private static readonly ObjectPath Frontend = ObjectPath.OfPod("acme-web", "frontend");

    private readonly Cluster _cluster = new(now: 40);
    private readonly CancellationTokenSource _revoked = new();
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60)); // a safety net, never waited for
    private readonly Channel<WatchResponse> _sent = Channel.CreateUnbounded<WatchResponse>();

    [TearDown]
    public void Dispose()
    {
        _cluster.Dispose();
        _revoked.Dispose();
        _timeout.Dispose();
    }

    [Test]
    public async Task A_watch_gives_the_newest_point_and_then_every_newer_one_once()
    {
        await _cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend"), (0, 1), (15, 2));
        Task watch = RunAsync((response, cancel) => _sent.Writer.WriteAsync(response, cancel).AsTask());

        WatchResponse first = await _sent.Reader.ReadAsync(_timeout.Token);
        await _cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend"), (31, 3), (39, 4));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        WatchResponse second = await _sent.Reader.ReadAsync(_timeout.Token);
        WatchResponse third = await _sent.Reader.ReadAsync(_timeout.Token);
        await _revoked.CancelAsync();

        Assert.That(((WatchResponse[])[first, second, third]).Select(sent => (sent.Point.TimestampMs, sent.Point.Value, sent.Unit)),
            Is.EqualTo(new[] { (At(15), 2.0, "bytes"), (At(31), 3.0, "bytes"), (At(39), 4.0, "bytes") }));
        await ExpectAsync(watch, StatusCode.PermissionDenied);
    }

    [Test]
    public async Task A_watch_of_what_is_not_there_or_not_the_callers_is_not_found()
    {
        await _cluster.WriteAsync(Globex, PodRow(Memory, "acme-web", "frontend"), (15, 2));

        await ExpectAsync(RunAsync((_, _) => Task.CompletedTask), StatusCode.NotFound);
    }

    [Test]
    public async Task A_watch_that_is_not_read_ends_when_the_right_is_gone()
    {
        await _cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend"), (15, 2));
        Task watch = RunAsync((_, cancel) => Task.Delay(Timeout.Infinite, cancel));

        await _revoked.CancelAsync();

        await ExpectAsync(watch, StatusCode.PermissionDenied);
    }

    [Test]
    public async Task A_watch_that_nobody_reads_is_let_go()
    {
        await _cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend"), (15, 2));
        var waiting = new TaskCompletionSource();
        Task watch = RunAsync((_, cancel) =>
        {
            waiting.SetResult();
            return Task.Delay(Timeout.Infinite, cancel);
        });

        await waiting.Task.WaitAsync(_timeout.Token);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));

        await ExpectAsync(watch, StatusCode.ResourceExhausted);
    }

    [Test]
    public void Watches_are_bounded_for_each_caller_and_for_all()
    {
        var slots = new WatchSlots(new ModelOptions { MaxWatches = 3, MaxWatchesPerCaller = 2 });
        using IDisposable? first = slots.TryTake("a");
        IDisposable? second = slots.TryTake("a");

        Assert.That(slots.TryTake("a"), Is.Null);
        using IDisposable? other = slots.TryTake("b");
        Assert.That(slots.TryTake("c"), Is.Null);
        second!.Dispose();
        second.Dispose(); // twice gives back once
        using IDisposable? again = slots.TryTake("c");
        Assert.That(again, Is.Not.Null);
        Assert.That(slots.TryTake("d"), Is.Null);
    }

    private Task RunAsync(Func<WatchResponse, CancellationToken, Task> send) =>
        new MetricWatch(_cluster.Queries, _cluster.Clock).RunAsync(Frontend, ["memory/working_set"], null, () => AcmeScope, send, _revoked.Token, _timeout.Token);

    private static async Task ExpectAsync(Task watch, StatusCode expected)
    {
        try
        {
            await watch;
            Assert.Fail("The watch ended without a status.");
        }
        catch (RpcException exception)
        {
            Assert.That(exception.StatusCode, Is.EqualTo(expected));
        }
    }
}
