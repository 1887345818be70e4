using Observability.Aggregator.Listening;

namespace Observability.Aggregator.Surfaces;

/// <summary>What lets a caller in.</summary>
internal enum SurfaceRight
{
    /// <summary>No token is asked for. Admin listener only.</summary>
    Open,

    /// <summary>A collector's token; the handler checks the node.</summary>
    Collector,

    /// <summary>A query token and the scope of the tenant and namespace that the path names: the handler gets the scope.</summary>
    Metrics,

    /// <summary>As <see cref="Metrics"/>; in a namespace, <c>get pods.metrics.k8s.io</c> there is enough, as <c>view</c> holds it.</summary>
    LiveMetrics,

    /// <summary>A query token; the message names the tenant, so the handler asks for the scope (gRPC).</summary>
    Message,
}

/// <summary>
/// Where an endpoint is reachable and what lets a caller in: metadata that every endpoint must carry. One without it does not exist to
/// callers, and stops the aggregator at its start.
/// </summary>
internal sealed record Surface(Listeners Listener, SurfaceRight Right);
