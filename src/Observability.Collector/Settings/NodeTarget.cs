namespace Observability.Collector.Settings;

/// <summary>One node to collect from.</summary>
/// <param name="Name">The Kubernetes node's name; the aggregator checks it against the ingest token.</param>
/// <param name="Kubelet">Address of the kubelet, such as <c>https://10.0.0.7:10250</c>.</param>
public sealed record NodeTarget(string Name, Uri Kubelet);
