using Google.Rpc;
using Grpc.Core;
using Observability.Protocol.V1;

namespace Observability.Aggregator.Tests.PrometheusApi.Grpc;

public class QueryGrpcTests
{
    private static readonly string[] Pods = ["db", "web"];
    private ApiServer _server = null!;
    private QueryService.QueryServiceClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await ApiServer.StartAsync();
        _client = new QueryService.QueryServiceClient(_server.Aggregator.Channel(_server.Aggregator.AggregatorHost.Endpoints.Grpc));
        foreach (string pod in Pods)
            await _server.WriteAsync("acme", ApiServer.PodSeries("up", "acme", pod), (-30, 1), (-15, 2), (0, 3));
        await _server.WriteAsync("globex", ApiServer.PodSeries("up", "globex", "canary-v"), (-10, 42));
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    private static Metadata Acme => new() { { "authorization", "Bearer q.acme" } };

    [Test]
    public async Task An_instant_query_gives_a_vector_or_a_scalar()
    {
        InstantResponse vector = await _client.InstantAsync(new InstantRequest { Tenant = "acme", Query = "sum by (pod) (up)", Options = new() { Statistics = true } }, Acme);
        InstantResponse scalar = await _client.InstantAsync(new InstantRequest { Query = "1+1", TimeMs = 4000 }, Acme);

        Assert.That(vector.Vector.Series.Select(series => (series.Labels.Single().Value, series.Values.Single(), series.TimestampsMs.Single())),
            Is.EquivalentTo(Pods.Select(pod => (pod, 3.0, _server.NowMs))));
        Assert.That(vector.Notes.TotalQueryableSamples, Is.EqualTo(2));
        Assert.That((scalar.Scalar.TimestampMs, scalar.Scalar.Value), Is.EqualTo((4000L, 2.0)));
    }

    [Test]
    public async Task A_range_query_streams_its_series_and_then_the_end()
    {
        using var call = _client.Range(new RangeRequest { Query = "sum by (pod) (up)", StartMs = _server.NowMs - 30_000, EndMs = _server.NowMs, StepMs = 15_000 }, Acme);

        List<RangeResponse> parts = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            parts.Add(call.ResponseStream.Current);

        Assert.That(parts.SkipLast(1).Select(part => part.Series.Labels.Single().Value), Is.EqualTo(Pods));
        Assert.That(parts[0].Series.Values, Is.EqualTo(new[] { 1.0, 2, 3 }));
        Assert.That(parts[^1].PartCase, Is.EqualTo(RangeResponse.PartOneofCase.End));
    }

    [Test]
    public async Task Series_labels_and_values_are_the_tenants_own()
    {
        var filter = new SeriesFilter { Match = { "up" } };
        using var call = _client.Series(new SeriesRequest { Filter = filter }, Acme);
        List<SeriesResponse> pages = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            pages.Add(call.ResponseStream.Current);
        LabelsResponse names = await _client.LabelsAsync(new LabelsRequest(), Acme);
        LabelValuesResponse pods = await _client.LabelValuesAsync(new LabelValuesRequest { Label = "pod", Filter = filter }, Acme);
        LabelValuesResponse cut = await _client.LabelValuesAsync(new LabelValuesRequest { Label = "pod", Filter = new SeriesFilter { Limit = 1 } }, Acme);

        Assert.That(pages.Single().Series.Select(set => set.Labels.Single(label => label.Name == "pod").Value), Is.EqualTo(Pods));
        Assert.That(names.Names, Does.Contain("pod").And.Ordered);
        Assert.That(pods.Values, Is.EqualTo(Pods));
        Assert.That(cut.Values, Is.EqualTo(new[] { "db" }));
        Assert.That(cut.Warnings, Is.EqualTo(new[] { "results truncated due to limit" }));
    }

    [TestCase("up+", "", StatusCode.InvalidArgument, "bad_data", "query")]
    [TestCase("up * on() up", "", StatusCode.FailedPrecondition, "execution", null)]
    public async Task An_error_says_its_kind_and_the_field(string query, string tenant, StatusCode code, string reason, string? field)
    {
        RpcException? refused = await Assert.ThrowsAsync<RpcException>(async () => await _client.InstantAsync(new InstantRequest { Query = query, Tenant = tenant }, Acme));

        Google.Rpc.Status? status = refused!.GetRpcStatus();
        Assert.That(refused.StatusCode, Is.EqualTo(code));
        Assert.That(status!.GetDetail<ErrorInfo>()!.Reason, Is.EqualTo(reason));
        Assert.That(status!.GetDetail<BadRequest>()?.FieldViolations.Single().Field, Is.EqualTo(field));
    }

    [Test]
    public async Task Forbidden_and_unknown_tenants_are_not_found_alike()
    {
        foreach (string tenant in (string[])["globex", "nobody", "_system", "A/b"])
        {
            RpcException? refused = await Assert.ThrowsAsync<RpcException>(async () => await _client.LabelsAsync(new LabelsRequest { Tenant = tenant }, Acme));

            Assert.That(refused!.Status, Is.EqualTo(new global::Grpc.Core.Status(StatusCode.NotFound, "not found")));
        }
        RpcException? anonymous = await Assert.ThrowsAsync<RpcException>(async () => await _client.LabelsAsync(new LabelsRequest()));
        Assert.That(anonymous!.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
    }

    [TestCase(-1, 1, 15)]
    [TestCase(0, -1, 15)]
    [TestCase(0, 1, 0)]
    public async Task What_cannot_be_meant_is_refused(long limit, long timeoutSeconds, long stepMs)
    {
        var request = new RangeRequest
        {
            Query = "up", StartMs = 0, EndMs = 1000, StepMs = stepMs,
            Options = new QueryOptions { Limit = limit, Timeout = new Google.Protobuf.WellKnownTypes.Duration { Seconds = timeoutSeconds } },
        };
        using var call = _client.Range(request, Acme);

        RpcException? refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
    }
}
