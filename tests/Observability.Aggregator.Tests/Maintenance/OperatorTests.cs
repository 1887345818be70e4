using System.Net;
using System.Text.Json;
using Grpc.Core;
using Observability.Aggregator.Tests.Ingest;
using Observability.Model;
using Observability.Protocol.Ingest;
using Observability.Storage;

namespace Observability.Aggregator.Tests.Maintenance;

/// <summary>What may be done to the store, and by whom. The keeper holds both rights; the operator reads every tenant and may do neither.</summary>
internal sealed class OperatorTests
{
    private const string Snapshots = "/api/v1/operator/snapshots";
    private const string AcmesData = "/api/v1/operator/tenants/acme/data";

    private DirectoryInfo _folder = null!;
    private TestAggregator _aggregator = null!;

    [SetUp]
    public async Task Start()
    {
        _folder = Directory.CreateTempSubdirectory("observability-operator-");
        _aggregator = await TestAggregator.StartAsync(store: new StoreSettings { Path = _folder.FullName, ReserveBytes = 0 });
    }

    [TearDown]
    public async Task Stop()
    {
        await _aggregator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Uri Admin => _aggregator.AggregatorHost.Endpoints.Admin;

    private Uri Query => _aggregator.AggregatorHost.Endpoints.Query;

    [TestCase(null, ExpectedResult = HttpStatusCode.Unauthorized)]
    [TestCase("i.keeper", ExpectedResult = HttpStatusCode.Unauthorized)] // the ingest audience
    [TestCase("q.operator", ExpectedResult = HttpStatusCode.NotFound)]   // reads every tenant, and no more
    [TestCase("q.acme", ExpectedResult = HttpStatusCode.NotFound)]
    [TestCase("q.keeper", ExpectedResult = HttpStatusCode.OK)]
    public async Task<HttpStatusCode> Only_who_has_the_right_deletes(string? token) => (await SendAsync(HttpMethod.Delete, Admin, AcmesData, token)).Status;

    [TestCase(null, ExpectedResult = HttpStatusCode.Unauthorized)]
    [TestCase("q.operator", ExpectedResult = HttpStatusCode.NotFound)]
    [TestCase("q.acme", ExpectedResult = HttpStatusCode.NotFound)]
    [TestCase("q.keeper", ExpectedResult = HttpStatusCode.OK)]
    public async Task<HttpStatusCode> Only_who_has_the_right_makes_snapshots(string? token) => (await SendAsync(HttpMethod.Post, Admin, Snapshots, token)).Status;

    [Test]
    public async Task Neither_exists_on_another_listener()
    {
        Assert.That((await SendAsync(HttpMethod.Delete, Query, AcmesData, "q.keeper")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await SendAsync(HttpMethod.Post, Query, Snapshots, "q.keeper")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("/api/v1/operator/tenants/nobody/data")]
    [TestCase("/api/v1/operator/tenants/_system/data")]
    public async Task A_tenant_that_does_not_exist_is_not_found(string path) =>
        Assert.That((await SendAsync(HttpMethod.Delete, Admin, path, "q.keeper")).Status, Is.EqualTo(HttpStatusCode.NotFound));

    [Test]
    public async Task A_deleted_tenants_data_is_gone_its_collector_is_sent_back_and_begins_anew()
    {
        using var stream = new CollectorStream(_aggregator, "i.agent.n1");
        await stream.HelloAsync("n1");
        await stream.DefineAsync(1, TestAggregator.Web, _aggregator.TenantOf(TestAggregator.Web));
        await stream.BatchAsync(1, new BatchSample(1, _aggregator.NowMs, 42));
        Assert.That(await stream.AckAsync(), Is.EqualTo(1));
        SelectedSeries held = _aggregator.Stored("container_memory_rss")[0];

        (HttpStatusCode status, string body) = await SendAsync(HttpMethod.Delete, Admin, AcmesData, "q.keeper");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("uid").GetString(), Is.EqualTo(_aggregator.TenantOf(TestAggregator.Web)));
        Assert.That(_aggregator.Stored("container_memory_rss"), Is.Empty);
        Assert.That(() => held.CopyTo([]), Throws.InstanceOf<DataRemovedException>());

        await stream.BatchAsync(2, new BatchSample(1, _aggregator.NowMs + 1, 43));
        Assert.That(await stream.EndAsync(), Is.EqualTo(StatusCode.Unavailable));
        using var again = new CollectorStream(_aggregator, "i.agent.n1");
        await again.HelloAsync("n1");
        await again.DefineAsync(1, TestAggregator.Web, _aggregator.TenantOf(TestAggregator.Web));
        await again.BatchAsync(2, new BatchSample(1, _aggregator.NowMs + 1, 43));
        Assert.That(await again.AckAsync(), Is.EqualTo(2));
        var samples = new List<Sample>();
        _aggregator.Stored("container_memory_rss").Single().CopyTo(samples);
        Assert.That(samples.Select(sample => sample.Value), Is.EqualTo(new[] { 43.0 }));
    }

    [Test]
    public async Task A_snapshot_is_answered_with_its_folder()
    {
        (_, string body) = await SendAsync(HttpMethod.Post, Admin, Snapshots, "q.keeper");

        JsonElement answer = JsonDocument.Parse(body).RootElement;
        string path = answer.GetProperty("path").GetString()!;
        Assert.That(Path.GetFileName(path), Is.EqualTo(answer.GetProperty("name").GetString()));
        Assert.That(Directory.Exists(Path.Combine(path, "journal")) && Directory.Exists(Path.Combine(path, "partitions")), Is.True);
    }

    [Test]
    public async Task A_store_in_memory_says_that_there_is_nothing_on_disk()
    {
        await using TestAggregator inMemory = await TestAggregator.StartAsync();

        (HttpStatusCode status, string body) = await SendAsync(HttpMethod.Post, inMemory.AggregatorHost.Endpoints.Admin, Snapshots, "q.keeper");

        Assert.That(status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(body, Does.Contain("Store:Path is empty"));
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, Uri listener, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, new Uri(listener, path));
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = await _aggregator.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
