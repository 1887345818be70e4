using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Aggregator.StoreTools;
using Observability.Model;
using Observability.Storage.Blocks;
using Observability.Testing;

namespace Observability.Aggregator.Tests.StoreTools;

internal sealed class StoreCommandTests
{
    private static readonly TenantUid Acme = TenantUid.Parse(new string('a', 32));

    private string _folder = "";

    [SetUp]
    public void Write_a_small_store()
    {
        _folder = Directory.CreateTempSubdirectory("observability-tools-").FullName;
        using var meter = new Meter("test");
        using PartitionBlocks blocks = PartitionBlocks.Open(PartitionPath, Acme, TimeProvider.System, new BlockMetrics(meter), NullLogger.Instance);
        using BlockWriter writer = blocks.BeginBlock(new TimeRange(0, 7_199_999));
        int times = writer.AddTimes([1, 1_000, 2_500, 4_000]);
        Add(writer, times, TestLabels("a_total", ("pod", "x\"y\\z\n")), 0.1, 1e300, double.PositiveInfinity, StaleMarker.Value);
        Add(writer, times, TestLabels("b.c", ("d/e", "f")), 1.0 / 3, double.NaN, -0.0, 12345678901234567);
        writer.Finish();
    }

    [TearDown]
    public void Remove_it() => Directory.Delete(_folder, recursive: true);

    private string PartitionPath => Path.Combine(_folder, "partitions", Acme.ToString());

    [Test]
    public async Task Inspect_prints_partitions_and_blocks()
    {
        (int status, string output, string errors) = await RunAsync("inspect", _folder, "--blocks");

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.Zero, errors);
            Assert.That(output, Does.Match($@"(?m)^{Acme} +1 +2 +8 +\d+ +\d+\.\d{{3}}  1970-01-01T00:00:00Z  1970-01-01T01:59:59Z\r?$"));
            Assert.That(output, Does.Match(@"(?m)^  0000000000000-[0-9a-f]{12} +2 +8 +\d+"));
            Assert.That(output, Does.Contain("journal: 0 bytes"));
        });
    }

    [Test]
    public async Task Verify_finds_no_fault_in_a_whole_store_and_changes_nothing()
    {
        (int status, string output, string errors) = await RunAsync("verify", _folder);

        Assert.That((status, output.Trim(), errors), Is.EqualTo((0, "1 partitions, 1 blocks, 8 samples: no fault", "")));
    }

    [TestCase("index.bin")]
    [TestCase("data.bin")]
    [TestCase("meta.json")]
    public async Task Verify_says_what_is_damaged_and_leaves_it_where_it_is(string name)
    {
        string path = Directory.GetFiles(PartitionPath, name, SearchOption.AllDirectories).Single();
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[Math.Min(100, bytes.Length / 2)] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        (int status, string output, string errors) = await RunAsync("verify", _folder);

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(1), output);
            Assert.That(output, Does.Contain("1 faults"));
            Assert.That(errors, Does.Contain(Path.GetFileName(Path.GetDirectoryName(path))));
            Assert.That(File.Exists(path));
        });
    }

    [Test]
    public async Task Export_writes_every_value_so_that_it_reads_back_to_the_same()
    {
        (int status, string output, string errors) = await RunAsync("export", _folder, "--partition", Acme.ToString());

        Assert.That(status, Is.Zero, errors);
        Assert.That(output, Is.EqualTo("""
            # TYPE a_total unknown
            a_total{pod="x\"y\\z\n"} 0.1 0.001
            a_total{pod="x\"y\\z\n"} 1E+300 1.000
            a_total{pod="x\"y\\z\n"} +Inf 2.500
            # TYPE "b.c" unknown
            {"b.c","d/e"="f"} 0.3333333333333333 0.001
            {"b.c","d/e"="f"} NaN 1.000
            {"b.c","d/e"="f"} -0 2.500
            {"b.c","d/e"="f"} 12345678901234568 4.000
            # EOF

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public async Task Export_takes_a_range_a_selector_and_a_file()
    {
        string file = Path.Combine(_folder, "out.txt");

        (int status, _, string errors) = await RunAsync(
            "export", _folder, "--partition", Acme.ToString(), "--from", "1", "--to", "1970-01-01T00:00:02Z", "--match", "a_total", "--output", file);

        Assert.That(status, Is.Zero, errors);
        Assert.That(await File.ReadAllLinesAsync(file), Is.EqualTo(new[] { "# TYPE a_total unknown", """a_total{pod="x\"y\\z\n"} 1E+300 1.000""", "# EOF" }));
    }

    [TestCase(1, "no partition", "export", "FOLDER", "--partition", "_system")]
    [TestCase(2, "a partition is", "export", "FOLDER", "--partition", "../etc")]
    [TestCase(2, "--partition", "export", "FOLDER")]
    [TestCase(2, "neither a date", "export", "FOLDER", "--partition", "_system", "--from", "soon")]
    [TestCase(2, "--match", "export", "FOLDER", "--partition", "_system", "--match", "{")]
    [TestCase(1, "no store", "verify", "FOLDER/partitions")]
    public async Task What_is_wrong_is_said(int expected, string text, params string[] args)
    {
        (int status, _, string errors) = await RunAsync([.. args.Select(arg => arg.Replace("FOLDER", _folder, StringComparison.Ordinal))]);

        Assert.That(status, Is.EqualTo(expected), errors);
        Assert.That(errors, Does.Contain(text));
    }

    [Test]
    public async Task Help_names_the_commands_and_says_that_nothing_changes()
    {
        (int status, string output, _) = await RunAsync("verify", "--help");

        Assert.That(status, Is.Zero);
        Assert.That(output, Does.Contain("exit status is 1").And.Contain("PATH").And.Contain("Nothing in it is changed"));
    }

    [Test]
    public void The_service_has_no_way_to_an_offline_store()
    {
        string sources = Path.Combine(RepositoryRoot.Path, "src");

        string[] users =
        [
            .. Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
                .Where(path => File.ReadAllText(path) is var text
                    && (text.Contains("OfflineStore", StringComparison.Ordinal) || text.Contains("Storage.Offline", StringComparison.Ordinal)))
                .Select(path => Path.GetDirectoryName(Path.GetRelativePath(sources, path))!.Replace('\\', '/')) // a file below a folder has one
                .Distinct().Order(StringComparer.Ordinal),
        ];

        Assert.That(users, Is.EqualTo(new[] { "Observability.Aggregator/StoreTools", "Observability.Storage/Offline" }));
    }

    private static void Add(BlockWriter writer, int times, LabelSet labels, params double[] values)
    {
        writer.BeginSeries(labels);
        writer.AddRun(times, 0, [.. values.Select(BitConverter.DoubleToInt64Bits)]);
    }

    private static LabelSet TestLabels(string name, params (string Name, string Value)[] labels) => LabelSet.Of([(LabelNames.MetricName, name), .. labels]);

    private static async Task<(int Status, string Output, string Errors)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        await using var errors = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int status = await StoreCommand.RunAsync(args, output, errors, CancellationToken.None);
        return (status, output.ToString(), errors.ToString());
    }
}
