using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Head;

[NonParallelizable]
internal sealed class MemoryTests
{
    // Kubelet-like series of ten labels. Constants on even times show what a series costs by itself.
    [TestCase(8, false, 700)]
    [TestCase(480, false, 1000)]
    [TestCase(480, true, 2600)]
    public async Task An_active_series_takes_no_more_than_its_budget(int samples, bool isJittered, int maxBytes)
    {
        const int Series = 2_000;
        using var store = new TestStore();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        SeriesHandle[] series = [.. Enumerable.Range(0, Series).Select(one => store.Store.Resolve(Acme, At(one)))];
        for (int i = 0; i < samples; i++)
        {
            using WriteBatch batch = store.Store.BeginBatch();
            for (int one = 0; one < Series; one++)
            {
                batch.Add(series[one], store.StartMs - ((samples - i) * 14_900L) + (isJittered ? (one + i) * 7919 % 3000 : 0), isJittered ? i * 4096.0 : 42);
            }
            await batch.CommitAsync(CancellationToken.None);
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Series;

        TestContext.Out.WriteLine($"{samples} samples, jittered {isJittered}: {each} B a series");
        Assert.That(each, Is.LessThanOrEqualTo(maxBytes));
        Assert.That(store.Store.Statistics(Scope(Acme)).Samples, Is.EqualTo((long)Series * samples));
    }

    private static LabelSet At(int index)
    {
        int pod = index / 50, family = index % 25, container = index / 25 % 2;
        return Labels($"container_family_{family}_total", ("cluster", "main"), ("container", $"c{container}"), ("instance", $"node-{pod / 30}"),
            ("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"), ("namespace", $"ns-{pod % 20}"), ("node", $"node-{pod / 30}"),
            ("pod", $"web-7d4b9c6f5-{pod:x5}"), ("tenant", "acme"));
    }
}
