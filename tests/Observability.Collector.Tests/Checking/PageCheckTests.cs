using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Observability.Collector.Checking;
using Observability.Collector.Tests.Support;

namespace Observability.Collector.Tests.Checking;

internal sealed class PageCheckTests
{
    private const string Page = """
        # TYPE container_memory_rss gauge
        container_memory_rss{id="/"} 5
        container_memory_rss{id="/kubepods/pod0c1d2e3f-0000-4000-8000-000000000001",namespace="a",pod="b"} 6
        # TYPE my_own gauge
        my_own{id="/"} 1
        # TYPE container_cpu_usage_seconds_total gauge
        container_cpu_usage_seconds_total{id="/"} 1
        container_memory_rss{ 5

        """;

    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(60));
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = System.IO.Directory.CreateTempSubdirectory("collector-check-");

    [TearDown]
    public void RemoveFolder()
    {
        _folder.Delete(recursive: true);
        _end.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    [Test]
    public async Task Each_family_says_which_rows_are_kept_and_why_others_are_not()
    {
        string file = Write("cadvisor.txt", Encoding.UTF8.GetBytes(Page));

        int exit = await CheckAsync(file);

        string[] lines = _output.ToString().Split('\n');
        Assert.That(exit, Is.Zero, _errors.ToString());
        Assert.That(lines, Does.Contain("2\t2\tcontainer_memory_rss\t"));
        Assert.That(lines, Does.Contain("1\t0\tmy_own\tUnknownFamily 1"));
        Assert.That(lines, Does.Contain("1\t0\tcontainer_cpu_usage_seconds_total\tTypeClash 1"));
        Assert.That(lines, Does.Contain("4\t2\tall families"));
        Assert.That(lines, Has.Some.StartsWith("line 8: "));
    }

    [Test]
    public async Task A_compressed_file_gives_the_same_answer()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(Encoding.UTF8.GetBytes(Page));
        await CheckAsync(Write("cadvisor.txt", Encoding.UTF8.GetBytes(Page)));
        string plain = _output.ToString();
        _output.GetStringBuilder().Clear();

        int exit = await CheckAsync(Write("cadvisor.txt.gz", packed.ToArray()));

        Assert.That((exit, _output.ToString()), Is.EqualTo((0, plain)));
    }

    [Test]
    public async Task Json_says_the_same_for_programs()
    {
        await CheckAsync(Write("cadvisor.txt", Encoding.UTF8.GetBytes(Page)), "--json", "--families-add", "my_own:gauge");

        using JsonDocument report = JsonDocument.Parse(_output.ToString());
        JsonElement families = report.RootElement.GetProperty("families");
        Assert.That(families.GetProperty("my_own").GetProperty("kept").GetInt32(), Is.EqualTo(1));
        Assert.That(families.GetProperty("container_cpu_usage_seconds_total").GetProperty("dropped").GetProperty("TypeClash").GetInt32(), Is.EqualTo(1));
        Assert.That(report.RootElement.GetProperty("badRows")[0].GetProperty("line").GetInt32(), Is.EqualTo(8));
        Assert.That(report.RootElement.GetProperty("pageFault").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task A_page_is_read_from_an_address_with_the_token()
    {
        await using StubKubelet kubelet = await StubKubelet.StartAsync();
        kubelet.Pages["/metrics/cadvisor"] = Page;
        string token = Write("token", "secret"u8.ToArray());

        int exit = await CheckAsync(new Uri(kubelet.Address, "/metrics/cadvisor").ToString(), "--token-file", token);

        Assert.That(exit, Is.Zero, _errors.ToString());
        Assert.That(_output.ToString(), Does.Contain("4\t2\tall families"));
        Assert.That(kubelet.Authorizations, Is.EqualTo(new[] { "Bearer secret" }));
    }

    [Test]
    public async Task What_cannot_be_read_is_told_apart_from_wrong_arguments()
    {
        Assert.That(await CheckAsync(Path.Combine(_folder.FullName, "not-there")), Is.EqualTo(1));
        Assert.That(await CheckAsync(), Is.EqualTo(2));
        Assert.That(await CheckAsync("page", "--unheard-of"), Is.EqualTo(2));
        Assert.That(await CheckAsync("page", "--families-remove", "unheard_of"), Is.EqualTo(2));
        Assert.That(_errors.ToString(), Does.Contain("not-there").And.Contain("--unheard-of").And.Contain("unheard_of is not one of the defaults"));
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private Task<int> CheckAsync(params string[] args) => PageCheck.RunAsync(args, _output, _errors, _end.Token);
}
