using Grpc.Core;
using Grpc.Net.Client;
using Observability.Protocol.V1;

namespace Observability.EndToEnd.Tests.Demo;

/// <summary>The same through gRPC, with a client generated from <c>protos/</c>.</summary>
internal sealed class ModelOverGrpcTests : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(RunningDemo.Process.Grpc);

    public void Dispose() => _channel.Dispose();

    [TestCase("acme", new[] { "acme-batch", "acme-web" })]
    [TestCase("acme-web", new[] { "acme-web" })]
    public async Task A_caller_lists_its_own_namespaces(string caller, string[] namespaces)
    {
        ListResponse response = await Client().ListAsync(new ListRequest { Object = new ModelObject(), Kind = ListKind.Namespaces }, Bearer(caller));

        Assert.That(response.Names, Is.EqualTo(namespaces));
    }

    [Test]
    public async Task A_range_holds_points_in_order()
    {
        GetRangeResponse response = await Client().GetRangeAsync(
            new GetRangeRequest { Object = new ModelObject { Namespace = "acme-web" }, Metric = "memory/working_set" }, Bearer("acme"));

        Assert.That(response.Points, Is.Not.Empty);
        Assert.That(response.Points.Select(point => point.TimestampMs), Is.Ordered.And.Unique);
        Assert.That(response.Unit, Is.EqualTo("bytes"));
    }

    [Test]
    public async Task A_watch_brings_points_as_they_come()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using AsyncServerStreamingCall<WatchResponse> watch = Client().Watch(
            new WatchRequest { Object = new ModelObject { Namespace = "acme-web" }, Metrics = { "memory/working_set" } },
            Bearer("acme"), cancellationToken: timeout.Token);
        var times = new List<long>();

        while (times.Count < 2 && await watch.ResponseStream.MoveNext(timeout.Token))
            times.Add(watch.ResponseStream.Current.Point.TimestampMs);

        Assert.That(times, Has.Count.EqualTo(2));
        Assert.That(times, Is.Ordered.And.Unique);
    }

    [Test]
    public async Task Forbidden_and_unknown_answer_alike()
    {
        RpcException forbidden = await RefusedAsync("globex-prod");
        RpcException unknown = await RefusedAsync("no-such-name");

        Assert.That(forbidden.StatusCode, Is.EqualTo(StatusCode.NotFound));
        Assert.That(forbidden.Status.Detail, Is.EqualTo(unknown.Status.Detail));
        Assert.That(forbidden.StatusCode, Is.EqualTo(unknown.StatusCode));

        Task<RpcException> RefusedAsync(string ns) => RefusalAsync(async () => await Client().GetRangeAsync(
            new GetRangeRequest { Object = new ModelObject { Namespace = ns }, Metric = "memory/usage" }, Bearer("acme")));
    }

    [Test]
    public async Task Without_a_good_token_the_call_is_unauthenticated()
    {
        RpcException none = await RefusalAsync(async () => await Client().ListAsync(new ListRequest { Kind = ListKind.Namespaces }));
        RpcException wrong = await RefusalAsync(async () =>
            await Client().ListAsync(new ListRequest { Kind = ListKind.Namespaces }, new Metadata { { "authorization", "Bearer not-a-token" } }));

        Assert.That(none.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(wrong.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
    }

    private static async Task<RpcException> RefusalAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException exception)
        {
            return exception;
        }
        throw new AssertionException("The call was not refused.");
    }

    private ModelService.ModelServiceClient Client() => new(_channel);

    private static Metadata Bearer(string name) => new() { { "authorization", $"Bearer {RunningDemo.Process.Token(name)}" } };
}
