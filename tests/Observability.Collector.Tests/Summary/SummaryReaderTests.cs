using System.Text.Json;
using Observability.Collector.Summary;
using Observability.Collector.Tests.Support;

namespace Observability.Collector.Tests.Summary;

internal sealed class SummaryReaderTests
{
    [TestCase(7)]
    [TestCase(1000)]
    [TestCase(int.MaxValue)]
    public void A_real_summary_gives_what_a_whole_parse_of_it_gives(int chunkBytes)
    {
        foreach (string round in CaptureFolder.Rounds.Take(5))
        {
            byte[] page = CaptureFolder.Unzip(Path.Combine(round, "stats_summary.json.gz"));
            using JsonDocument document = JsonDocument.Parse(page);

            Recorder read = Read(page, chunkBytes);

            JsonElement[] pods = [.. document.RootElement.GetProperty("pods").EnumerateArray()];
            Assert.That(pods, Is.Not.Empty, round);
            Assert.That(read.Pods, Is.EqualTo(pods.Select(Describe)), round);
            JsonElement fileSystem = document.RootElement.GetProperty("node").GetProperty("fs");
            Assert.That(read.Node, Is.EqualTo(new FileSystemUse(
                Time(fileSystem), fileSystem.GetProperty("usedBytes").GetDouble(), fileSystem.GetProperty("capacityBytes").GetDouble())), round);
        }
    }

    [Test]
    public void A_number_that_is_not_given_is_absent_not_zero()
    {
        Recorder read = Read("""{"node":{"fs":{"capacityBytes":5}},"pods":[]}"""u8.ToArray(), int.MaxValue);

        Assert.That(read.Node, Is.EqualTo(new FileSystemUse(null, null, 5)));
    }

    [Test]
    public void One_pods_numbers_do_not_leak_into_the_next()
    {
        byte[] page = """
            {"pods":[{"podRef":{"name":"a","namespace":"n","uid":"1"},"startTime":"2023-11-14T22:13:20Z","ephemeral-storage":{"usedBytes":9},
            "containers":[{"name":"c","rootfs":{"usedBytes":1},"logs":{"usedBytes":2}},{"logs":{"usedBytes":3},"name":"d"}]},
            {"podRef":{"uid":"2"}}]}
            """u8.ToArray();

        Assert.That(Read(page, 11).Pods, Is.EqualTo(new[] { "1 n a 1700000000000 9 c:1,2;d:,3 ", "2      " }));
    }

    [TestCase("{\"pods\":[")]
    [TestCase("nonsense")]
    [TestCase("")]
    public void What_is_not_whole_fails(string page) =>
        Assert.That(() => Read(System.Text.Encoding.UTF8.GetBytes(page), int.MaxValue), Throws.InstanceOf<JsonException>());

    private static Recorder Read(byte[] page, int chunkBytes)
    {
        var recorder = new Recorder();
        var reader = new SummaryReader(recorder);
        reader.Begin();
        foreach (byte[] chunk in page.Chunk(chunkBytes))
            reader.Feed(chunk, last: false);
        reader.Feed([], last: true);
        return recorder;
    }

    // What Recorder says of a pod, from the whole document.
    private static string Describe(JsonElement pod)
    {
        JsonElement reference = pod.GetProperty("podRef");
        string containers = string.Join(";", Array(pod, "containers").Select(container =>
            FormattableString.Invariant($"{container.GetProperty("name").GetString()}:{Used(container, "rootfs")},{Used(container, "logs")}")));
        string volumes = string.Join(";", Array(pod, "volume").Select(volume =>
            FormattableString.Invariant($"{volume.GetProperty("name").GetString()}={volume.GetProperty("usedBytes").GetDouble()}")));
        long startMs = pod.GetProperty("startTime").GetDateTimeOffset().ToUnixTimeMilliseconds();
        return FormattableString.Invariant(
            $"{reference.GetProperty("uid").GetString()} {reference.GetProperty("namespace").GetString()} {reference.GetProperty("name").GetString()} {startMs} {Used(pod, "ephemeral-storage")} {containers} {volumes}");
    }

    private static JsonElement.ArrayEnumerator Array(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement array) ? array.EnumerateArray() : default;

    private static double? Used(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement use) && use.TryGetProperty("usedBytes", out JsonElement bytes) ? bytes.GetDouble() : null;

    private static long Time(JsonElement element) => element.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds();

    private sealed class Recorder : ISummarySink
    {
        internal FileSystemUse Node { get; private set; }

        internal List<string> Pods { get; } = [];

        public void TakeNode(FileSystemUse fileSystem) => Node = fileSystem;

        public void TakePod(SummaryPod pod)
        {
            string containers = string.Join(";", pod.Containers.Select(container =>
                FormattableString.Invariant($"{container.Container}:{container.RootFs.UsedBytes},{container.Logs.UsedBytes}")));
            string volumes = string.Join(";", pod.Volumes.Select(volume => FormattableString.Invariant($"{volume.Volume}={volume.Use.UsedBytes}")));
            Pods.Add(FormattableString.Invariant($"{pod.Uid} {pod.Namespace} {pod.Name} {pod.StartMs} {pod.EphemeralStorage.UsedBytes} {containers} {volumes}"));
        }
    }
}
