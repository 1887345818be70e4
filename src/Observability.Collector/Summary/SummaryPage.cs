using Observability.Collector.Classification;
using Observability.Collector.Series;
using Observability.Exposition;
using Observability.Model;
using Observability.Protocol.V1;

namespace Observability.Collector.Summary;

/// <summary>Turns a summary into series: file systems, volumes, ephemeral storage and start times, which no metrics endpoint has.</summary>
internal sealed class SummaryPage(SeriesTable table, FamilyList families) : ISummarySink
{
    private const ScrapeEndpoint Endpoint = ScrapeEndpoint.Summary;

    private readonly Family _containerUsage = families.Own(Endpoint, "container_fs_usage_bytes");
    private readonly Family _ephemeralUsage = families.Own(Endpoint, "pod_ephemeral_storage_usage_bytes");
    private readonly Family _volumeUsed = families.Own(Endpoint, "pod_volume_used_bytes");
    private readonly Family _volumeCapacity = families.Own(Endpoint, "pod_volume_capacity_bytes");
    private readonly Family _podStart = families.Own(Endpoint, "pod_start_time_seconds");
    private readonly Family _nodeUsed = families.Own(Endpoint, "node_fs_used_bytes");
    private readonly Family _nodeCapacity = families.Own(Endpoint, "node_fs_capacity_bytes");
    private readonly List<Label> _labels = [];

    internal int Page { get; private set; }

    /// <summary>Numbers taken from the page.</summary>
    internal int Values { get; private set; }

    internal void Begin()
    {
        Page = table.BeginPage();
        Values = 0;
    }

    public void TakeNode(FileSystemUse fileSystem)
    {
        Subject node = SubjectOf(RowKind.Node, "", "", null);
        _labels.Clear();
        Take(_nodeUsed, node, fileSystem.UsedBytes, fileSystem.TimeMs);
        Take(_nodeCapacity, node, fileSystem.CapacityBytes, fileSystem.TimeMs);
    }

    public void TakePod(SummaryPod pod)
    {
        if (pod.Uid.Length == 0)
            return;
        Subject subject = SubjectOf(RowKind.Pod, pod.Uid, "", pod);
        _labels.Clear();
        Take(_podStart, subject, pod.StartMs / 1000.0, null);
        Take(_ephemeralUsage, subject, pod.EphemeralStorage.UsedBytes, pod.EphemeralStorage.TimeMs);
        foreach ((string volume, string claim, FileSystemUse use) in pod.Volumes)
        {
            _labels.Clear();
            _labels.Add(new Label("volume", volume));
            if (claim.Length > 0)
                _labels.Add(new Label("persistentvolumeclaim", claim));
            Take(_volumeUsed, subject, use.UsedBytes, use.TimeMs);
            Take(_volumeCapacity, subject, use.CapacityBytes, use.TimeMs);
        }
        foreach ((string container, FileSystemUse rootFs, FileSystemUse logs) in pod.Containers)
        {
            if (container.Length == 0)
                continue;
            Subject inPod = SubjectOf(RowKind.Container, pod.Uid, container, pod);
            _labels.Clear();
            _labels.Add(new Label("device", "rootfs"));
            Take(_containerUsage, inPod, rootFs.UsedBytes, rootFs.TimeMs);
            _labels.Clear();
            _labels.Add(new Label("device", "logs"));
            Take(_containerUsage, inPod, logs.UsedBytes, logs.TimeMs);
        }
    }

    private void Take(Family family, Subject subject, double? value, long? timeMs)
    {
        if (value is not { } number)
            return;
        table.Sample(table.SlotOf(family, subject, _labels), Page, number, timeMs ?? SeriesRow.NoTimestamp);
        Values++;
    }

    private Subject SubjectOf(RowKind kind, string uid, string container, SummaryPod? pod)
    {
        string key = uid + "/" + container;
        return table.FindSubject(Endpoint, key) ?? table.AddSubject(new Subject(key, Endpoint, Endpoint.Path())
        {
            Kind = kind,
            CgroupUid = uid,
            Namespace = pod?.Namespace ?? "",
            PodName = pod?.Name ?? "",
            Container = container,
            Order = table.NextSubjectOrder(),
        });
    }
}
