using System.IO.Compression;
using System.Net.Http.Headers;

namespace Observability.Simulator.Tests.Kubelets;

public sealed class FullNodeTests
{
    [Test]
    public async Task A_node_of_110_pods_gives_a_page_of_some_22_000_rows_compressed_only_when_asked()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync(Scenarios.ThreeTenants(nodes: 1, podsPerNode: 110));
        HttpClient client = cluster.Kubelet();
        using HttpRequestMessage request = new(HttpMethod.Get, "metrics/cadvisor");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        byte[] plain = await client.GetByteArrayAsync("metrics/cadvisor", cluster.Deadline);
        using HttpResponseMessage packed = await client.SendAsync(request, cluster.Deadline);

        using MemoryStream unpacked = new();
        await using (GZipStream gzip = new(await packed.Content.ReadAsStreamAsync(cluster.Deadline), CompressionMode.Decompress))
            await gzip.CopyToAsync(unpacked, cluster.Deadline);
        Assert.Multiple(() =>
        {
            Assert.That(unpacked.ToArray(), Is.EqualTo(plain));
            Assert.That(packed.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
            Assert.That(packed.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8; escaping=underscores"));
            Assert.That(packed.Headers.Contains("Process-Start-Time-Unix"));
            Assert.That(plain.AsSpan().Count((byte)'\n'), Is.InRange(20_000, 25_000));
            Assert.That(plain.Length, Is.InRange(5_000_000, 7_500_000));
            Assert.That(cluster.World.Pods.Count(pod => pod.Phase == "Running"), Is.InRange(105, 115));
        });
    }
}
