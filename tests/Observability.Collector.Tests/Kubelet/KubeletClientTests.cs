using System.Net;
using System.Security.Cryptography.X509Certificates;
using Observability.Collector.Kubelet;
using Observability.Collector.Settings;
using Observability.Collector.Tests.Support;

namespace Observability.Collector.Tests.Kubelet;

internal sealed class KubeletClientTests
{
    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(60));
    private readonly TestCertificates _certificates = new();
    private DirectoryInfo _folder = null!;
    private CollectorOptions _options = null!;

    [SetUp]
    public void WriteFiles()
    {
        _folder = System.IO.Directory.CreateTempSubdirectory("collector-kubelet-");
        _options = new CollectorOptions { KubeletCaFile = Write("ca.pem", _certificates.CaPem), KubeletTokenFile = Write("token", "first\n") };
    }

    [TearDown]
    public void RemoveFiles()
    {
        _folder.Delete(recursive: true);
        _certificates.Dispose();
        _end.Dispose();
    }

    [Test]
    public async Task A_kubelet_of_the_CA_is_read_with_the_token()
    {
        using X509Certificate2 certificate = _certificates.Serving(IPAddress.Loopback);
        await using StubKubelet kubelet = await StubKubelet.StartAsync(certificate);

        await GetAsync(kubelet, _options);

        Assert.That(kubelet.Authorizations, Is.EqualTo(new[] { "Bearer first" }));
    }

    [Test]
    public async Task A_kubelet_of_another_CA_gets_no_token()
    {
        using var others = new TestCertificates();
        using X509Certificate2 certificate = others.Serving(IPAddress.Loopback);
        await using StubKubelet kubelet = await StubKubelet.StartAsync(certificate);

        Assert.That(await FaultAsync(kubelet), Is.EqualTo(ScrapeFault.BadCertificate));
        Assert.That(kubelet.Authorizations, Is.Empty);
    }

    [Test]
    public async Task A_kubelet_whose_certificate_is_of_another_address_gets_no_token()
    {
        using X509Certificate2 certificate = _certificates.Serving(IPAddress.Parse("10.0.0.1"));
        await using StubKubelet kubelet = await StubKubelet.StartAsync(certificate);

        Assert.That(await FaultAsync(kubelet), Is.EqualTo(ScrapeFault.BadCertificate));
        Assert.That(kubelet.Authorizations, Is.Empty);
    }

    [Test]
    public async Task Without_a_readable_CA_nothing_is_trusted()
    {
        using X509Certificate2 certificate = _certificates.Serving(IPAddress.Loopback);
        await using StubKubelet kubelet = await StubKubelet.StartAsync(certificate);
        Write("ca.pem", "no certificate");

        Assert.That(await FaultAsync(kubelet), Is.EqualTo(ScrapeFault.BadCertificate));
        Assert.That(kubelet.Authorizations, Is.Empty);
    }

    [Test]
    public async Task A_refused_token_is_read_again_once()
    {
        await using StubKubelet kubelet = await StubKubelet.StartAsync();
        kubelet.Answering = context =>
        {
            Write("token", "second");
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer second" ? 200 : 401;
        };

        await GetAsync(kubelet, _options);

        Assert.That(kubelet.Authorizations, Is.EqualTo(new[] { "Bearer first", "Bearer second" }));
    }

    [Test]
    public async Task A_token_that_stays_refused_is_tried_twice_and_no_more()
    {
        await using StubKubelet kubelet = await StubKubelet.StartAsync();
        kubelet.Statuses["/metrics/cadvisor"] = 401;

        Assert.That(await FaultAsync(kubelet), Is.EqualTo(ScrapeFault.Unauthorized));
        Assert.That(kubelet.Authorizations, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_token_that_rotates_by_a_swapped_link_is_used_at_the_next_request()
    {
        // As projected tokens rotate: the name is a link that is replaced by rename, so that no reader sees half a token.
        _options.KubeletTokenFile = Path.Combine(_folder.FullName, "projected");
        Project("1", "first");
        await using StubKubelet kubelet = await StubKubelet.StartAsync();
        using var client = new KubeletClient(kubelet.Address, _options);

        (await client.GetAsync("/metrics/cadvisor", "text/plain", _end.Token)).Dispose();
        Project("2", "second");
        (await client.GetAsync("/metrics/cadvisor", "text/plain", _end.Token)).Dispose();

        Assert.That(kubelet.Authorizations, Is.EqualTo(new[] { "Bearer first", "Bearer second" }));
    }

    [TestCase("a b")]
    [TestCase("a\r\nX-Other: b")]
    [TestCase("ünïcode")]
    [TestCase("")]
    public void What_cannot_stand_in_a_header_is_no_token(string content) => Assert.That(TokenFile.Read(Write("token", content)), Is.Null);

    private void Project(string version, string token)
    {
        System.IO.Directory.CreateDirectory(Path.Combine(_folder.FullName, version));
        Write(version + "/token", token);
        string next = _options.KubeletTokenFile + ".next";
        File.CreateSymbolicLink(next, Path.Combine(_folder.FullName, version, "token"));
        File.Move(next, _options.KubeletTokenFile!, overwrite: true); // set by the test
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private async Task<ScrapeFault?> FaultAsync(StubKubelet kubelet) =>
        (await Assert.ThrowsAsync<ScrapeException>(() => GetAsync(kubelet, _options)))?.Fault;

    private async Task GetAsync(StubKubelet kubelet, CollectorOptions options)
    {
        using var client = new KubeletClient(kubelet.Address, options);
        (await client.GetAsync("/metrics/cadvisor", "text/plain", _end.Token)).Dispose();
    }
}
