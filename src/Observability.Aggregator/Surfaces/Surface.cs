using Observability.Access;
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

    /// <summary>
    /// A query token and the right to the surface's <see cref="OperatorAction"/>, for the tenant that the path names if it does. Admin
    /// listener only: there, what changes anything is of this kind.
    /// </summary>
    Operator,
}

/// <summary>
/// Where an endpoint is reachable and what lets a caller in: metadata that every endpoint must carry. One without it does not exist to
/// callers, and stops the aggregator at its start.
/// </summary>
/// <param name="Listener">Where it is reachable.</param>
/// <param name="Right">What lets a caller in.</param>
/// <param name="Action">What is done; with <see cref="SurfaceRight.Operator"/> and with nothing else.</param>
internal sealed record Surface(Listeners Listener, SurfaceRight Right, OperatorAction? Action = null);
