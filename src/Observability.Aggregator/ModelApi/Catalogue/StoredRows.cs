using System.Collections.Frozen;
using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>
/// The series that the table of metrics names. Rows of several kinds share a metric name (a pod's cgroup, its sandbox, its containers,
/// slices, the root), and a sum over kinds counts the same work two or three times: every source here fixes one kind.
/// </summary>
internal static class StoredRows
{
    private static readonly Matcher Cadvisor = Matcher.Equal(LabelNames.MetricsPath, "/metrics/cadvisor");
    private static readonly Matcher Summary = Matcher.Equal(LabelNames.MetricsPath, "/stats/summary");
    private static readonly Matcher Watched = Matcher.Equal(LabelNames.Job, "observability");
    private static readonly Matcher HasPod = new(LabelNames.Pod, MatchOperator.NotEqual, "");
    private static readonly Matcher NoContainer = Matcher.Equal(LabelNames.Container, "");
    private static readonly Matcher HasContainer = new(LabelNames.Container, MatchOperator.NotEqual, "");
    private static readonly Matcher NoPod = Matcher.Equal(LabelNames.Pod, "");
    private static readonly Matcher Root = new("id", MatchOperator.Regex, "/?"); // the root's id is no news: it may be left out
    private static readonly Matcher Slice = new("id", MatchOperator.NotRegex, "/?");

    /// <summary>
    /// Interfaces of a node through which traffic enters or leaves it. Bridges, tunnels and the host's ends of pod links carry the
    /// same bytes again.
    /// </summary>
    private static readonly Matcher Uplink = new("interface", MatchOperator.NotRegex,
        "lo|ifb.*|veth.*|cni.*|cali.*|cilium.*|lxc.*|docker.*|nerdctl.*|podman.*|br-.*|virbr.*|flannel.*|vxlan.*|geneve.*|genev_.*|tunl.*|wg.*|kube-.*|nodelocaldns|dummy.*|ovs-.*|ovn.*|antrea.*|weave.*");

    internal static SourceSeries OfPod(string name, params ReadOnlySpan<(string Label, string Value)> conditions) =>
        new(name, Sampling.Scrape, [Cadvisor, HasPod, NoContainer, .. Equal(conditions)]);

    internal static SourceSeries OfContainer(string name, params ReadOnlySpan<(string Label, string Value)> conditions) =>
        new(name, Sampling.Scrape, [Cadvisor, HasPod, HasContainer, .. Equal(conditions)]);

    internal static SourceSeries OfRoot(string name, params ReadOnlySpan<(string Label, string Value)> conditions) =>
        new(name, Sampling.Scrape, [Cadvisor, NoPod, Root, .. Equal(conditions)]);

    internal static SourceSeries OfUplinks(string name) => new(name, Sampling.Scrape, [Cadvisor, NoPod, Root, Uplink]);

    /// <summary>System containers: slices with an id of their own.</summary>
    internal static SourceSeries OfSlice(string name, params ReadOnlySpan<(string Label, string Value)> conditions) =>
        new(name, Sampling.Scrape, [Cadvisor, NoPod, Slice, .. Equal(conditions)]);

    /// <summary>What the summary says of a pod or of one of its volumes.</summary>
    internal static SourceSeries OfPodSummary(string name, ResourceIdRule? resourceId = null) =>
        new(name, Sampling.Summary, [Summary, HasPod, NoContainer], resourceId);

    internal static SourceSeries OfContainerSummary(string name, ResourceIdRule? resourceId = null) =>
        new(name, Sampling.Summary, [Summary, HasPod, HasContainer], resourceId);

    internal static SourceSeries OfNodeSummary(string name, ResourceIdRule? resourceId = null) =>
        new(name, Sampling.Summary, [Summary, Matcher.Equal(LabelNames.Namespace, "")], resourceId);

    /// <summary>Requests and limits of containers, as the pod's specification has them.</summary>
    internal static SourceSeries OfSpecification(string name, string resource) =>
        new(name, Sampling.Scrape, [Watched, HasContainer, Matcher.Equal("resource", resource)]);

    internal static SourceSeries OfNodeStatus(string name, string resource) =>
        new(name, Sampling.Scrape, [Watched, Matcher.Equal("resource", resource)]);

    /// <summary><c>resource_id</c> of a container's filesystems: <c>/</c> and <c>logs</c>.</summary>
    internal static ResourceIdRule ContainerFilesystem { get; } =
        new("device", "", FrozenDictionary.ToFrozenDictionary([KeyValuePair.Create("rootfs", "/")], StringComparer.Ordinal));

    /// <summary><c>resource_id</c> of a volume: <c>Volume:name</c>.</summary>
    internal static ResourceIdRule Volume { get; } = new("volume", "Volume:", FrozenDictionary<string, string>.Empty);

    /// <summary><c>resource_id</c> of a node's filesystem: <c>/</c>.</summary>
    internal static ResourceIdRule NodeFilesystem { get; } = new(null, "/", FrozenDictionary<string, string>.Empty);

    /// <summary>A row that every running pod, container and node has, at every scrape.</summary>
    internal const string PresenceName = "container_memory_working_set_bytes";

    internal static SourceSeries PodPresence { get; } = new(PresenceName, Sampling.Scrape, [Cadvisor, HasPod]);

    internal static SourceSeries ContainerPresence { get; } = OfContainer(PresenceName);

    internal static SourceSeries NodePresence { get; } = OfRoot(PresenceName);

    internal static SourceSeries SlicePresence { get; } = OfSlice(PresenceName);

    private static ImmutableArray<Matcher> Equal(ReadOnlySpan<(string Label, string Value)> conditions)
    {
        ImmutableArray<Matcher>.Builder matchers = ImmutableArray.CreateBuilder<Matcher>(conditions.Length);
        foreach ((string label, string value) in conditions)
            matchers.Add(Matcher.Equal(label, value));
        return matchers.MoveToImmutable();
    }
}
