using System.Text;
using System.Text.Json;
using Observability.Collector.Classification;
using Observability.Collector.Tests.Support;
using Observability.Protocol.V1;

namespace Observability.Collector.Tests.Series;

internal sealed class CapturesReplayTests
{
    [Test]
    public void Every_row_of_a_real_kubelet_lands_in_a_known_kind_and_every_pod_resolves()
    {
        using var node = new NodePages();
        // Each round's pods were listed a moment after its rows, so a pod that went in between is in the rounds before.
        DirectoryPod[] pods = [.. CaptureFolder.Rounds.SelectMany(Pods).DistinctBy(pod => pod.Uid)];
        node.Directory(pods);
        foreach (string round in CaptureFolder.Rounds)
        {
            long timeMs = TimeMs(round);
            List<string> pushed = node.Page(Encoding.UTF8.GetString(CaptureFolder.Unzip(Path.Combine(round, "metrics_cadvisor.txt.gz"))), timeMs);

            Assert.That(node.Last.BadRows.Total, Is.Zero, round);
            Assert.That(node.State.Table.HeldCount, Is.Zero, round);
            foreach (DropReason never in (DropReason[])[DropReason.NoIdentity, DropReason.NestedCgroup, DropReason.TypeClash, DropReason.Contradiction])
                Assert.That(node.DroppedRows(never), Is.Zero, $"{round}: {never}");
            Assert.That(node.Statistics.Dropped(DropReason.OutOfOrder), Is.Zero, round);
            foreach (string uid in Running(round))
            {
                string apiUid = pods.FirstOrDefault(pod => pod.CgroupUid == uid)?.Uid ?? "of no list";
                Assert.That(node.Knows(RowKind.Pod, apiUid, "container_memory_working_set_bytes"), $"{round}: pod {uid}");
            }
            Assert.That(pushed, Has.None.Contains("kubernetes.io~").And.None.Contains("/sandboxes/"), round);
        }
    }

    private static DirectoryPod[] Pods(string round)
    {
        using JsonDocument document = JsonDocument.Parse(CaptureFolder.Unzip(Path.Combine(round, "pods.json.gz")));
        return
        [
            .. document.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("metadata")).Select(metadata => new DirectoryPod
            {
                // The kubelet gives a static pod the hash; an API server's pod has another UID beside it.
                Uid = "api-" + metadata.GetProperty("uid").GetString(),
                CgroupUid = metadata.GetProperty("uid").GetString(),
                Namespace = metadata.GetProperty("namespace").GetString(),
                Name = metadata.GetProperty("name").GetString(),
                Tenant = "0123456789abcdef0123456789abcdef",
            }),
        ];
    }

    // Pods whose own cgroup has a row on the page.
    private static IEnumerable<string> Running(string round) =>
        Encoding.UTF8.GetString(CaptureFolder.Unzip(Path.Combine(round, "metrics_cadvisor.txt.gz"))).Split('\n')
            .Where(line => line.StartsWith("container_memory_working_set_bytes", StringComparison.Ordinal))
            .Select(line => line.Split("id=\"")[1].Split('"')[0]).Where(id => id.Split('/')[^1].StartsWith("pod", StringComparison.Ordinal))
            .Select(id => id.Split('/')[^1]["pod".Length..]);

    private static long TimeMs(string round)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(round, "index.json")));
        return (long)(document.RootElement[0].GetProperty("t_start").GetDouble() * 1000);
    }
}
