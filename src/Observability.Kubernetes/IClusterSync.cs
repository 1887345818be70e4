namespace Observability.Kubernetes;

/// <summary>How well the cluster is known; for <c>/readyz</c> and the operator.</summary>
public interface IClusterSync
{
    /// <summary>Whether namespaces, nodes and pods have all been listed once. It stays true through an outage: what is known stays known.</summary>
    bool IsSynced { get; }

    /// <summary>The longest time that any watch has heard nothing. About a minute at most while all is well; it grows through an outage.</summary>
    TimeSpan Lag { get; }

    /// <summary>One for each kind of object.</summary>
    IReadOnlyList<WatchStatus> Watches { get; }
}
