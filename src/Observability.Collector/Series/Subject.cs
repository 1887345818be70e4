using Observability.Collector.Classification;
using Observability.Collector.Directory;
using Observability.Protocol.V1;

namespace Observability.Collector.Series;

/// <summary>What rows speak of: the node, a slice, a pod, one run of a container.</summary>
internal sealed class Subject(string key, ScrapeEndpoint endpoint, string path)
{
    /// <summary>Unique in its endpoint: the cgroup's path, or namespace, pod and container where there is none.</summary>
    internal string Key { get; } = key;

    internal ScrapeEndpoint Endpoint { get; } = endpoint;

    /// <summary>metrics_path of its series.</summary>
    internal string Path { get; } = path;

    internal RowKind Kind { get; set; }

    /// <summary>The UID on the cgroup's path, dashes restored; empty where only the name is known, or no pod is meant.</summary>
    internal string CgroupUid { get; init; } = "";

    // What the rows say of themselves.
    internal string Namespace { get; set; } = "";

    internal string PodName { get; set; } = "";

    internal string Container { get; set; } = "";

    /// <summary>The pod, once the directory has it. Stays when the directory forgets the pod: a UID means one pod for ever.</summary>
    internal DirectoryEntry? Pod { get; set; }

    /// <summary>A row of the network was seen, so this is a sandbox whatever its labels say.</summary>
    internal bool HasNetwork { get; set; }

    /// <summary>Whether the directory is needed to know where it belongs.</summary>
    internal bool NeedsPod => Kind is RowKind.Pod or RowKind.Sandbox or RowKind.Container;

    internal bool IsResolved => !NeedsPod || Pod is not null;

    /// <summary>From this page's <c>container_start_time_seconds</c>; 0 where unknown.</summary>
    internal double StartSeconds { get; set; }

    /// <summary>Rises with each new subject.</summary>
    internal long Order { get; init; }

    internal int SeenPage { get; set; }

    /// <summary>Another subject has the same name and is newer.</summary>
    internal bool Superseded { get; set; }

    /// <summary>Series that it has in the table.</summary>
    internal int Slots { get; set; }

    /// <summary>What subjects of one name share; null until resolved.</summary>
    internal SubjectName? Name =>
        Pod is { } pod ? new SubjectName(Endpoint, Kind, pod.Namespace, pod.Name, Kind == RowKind.Container ? Container : "") : null;

    /// <summary>Started later; where that is unknown or the same, seen later.</summary>
    internal bool IsNewerThan(Subject other) =>
        StartSeconds > 0 && other.StartSeconds > 0 && StartSeconds != other.StartSeconds ? StartSeconds > other.StartSeconds : Order > other.Order;
}

/// <summary>Under what the aggregator stores a subject's series: two subjects of one name would write into the same.</summary>
internal readonly record struct SubjectName(ScrapeEndpoint Endpoint, RowKind Kind, string Namespace, string Pod, string Container);
