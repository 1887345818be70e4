namespace Observability.Kubernetes;

/// <summary>How one watch is doing.</summary>
/// <param name="Resource"><c>namespaces</c>, <c>nodes</c> or <c>pods</c>.</param>
/// <param name="IsSynced">Whether it has been listed once.</param>
/// <param name="IsConnected">Whether a watch is open now.</param>
/// <param name="Lag">Time since a list, an opened watch, an event or a bookmark.</param>
/// <param name="ResourceVersion">What has been seen so far.</param>
/// <param name="Lists">Complete lists so far; more than one means that a watch could not be continued.</param>
public readonly record struct WatchStatus(
    string Resource, bool IsSynced, bool IsConnected, TimeSpan Lag, ulong ResourceVersion, long Lists);
