using Observability.Exposition;
using Observability.Protocol.V1;

namespace Observability.Collector.Classification;

/// <summary>A metric family that is kept, of which rows, and what it is used for.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Type">What the page must call it.</param>
/// <param name="Endpoint">Where it is read.</param>
/// <param name="Kinds">The kinds of rows it is kept for.</param>
/// <param name="Role">What it means beside being kept.</param>
internal sealed record Family(string Name, MetricType Type, ScrapeEndpoint Endpoint, RowKinds Kinds, FamilyRole Role = FamilyRole.Plain)
{
    /// <summary>Position in the list.</summary>
    internal int Index { get; init; }

    internal bool IsKeptFor(RowKind kind) => (Kinds & (RowKinds)(1 << (int)kind)) != 0;
}

/// <summary>A set of <see cref="RowKind"/>.</summary>
[Flags]
internal enum RowKinds : byte
{
    None = 0,
    Node = 1 << RowKind.Node,
    Slice = 1 << RowKind.Slice,
    Pod = 1 << RowKind.Pod,
    Sandbox = 1 << RowKind.Sandbox,
    Container = 1 << RowKind.Container,
}

internal enum FamilyRole : byte
{
    Plain,

    /// <summary><c>container_start_time_seconds</c>: tells the newer of two containers.</summary>
    StartTime,

    /// <summary><c>container_network_*</c>: only sandboxes have it, and those on the host's network have the node's.</summary>
    Network,

    /// <summary><c>container_fs_*</c> by device: of the root only those of real devices.</summary>
    Device,

    /// <summary>The machine's own: rows without a cgroup.</summary>
    Machine,

    /// <summary>1 says that the page lacks everything else.</summary>
    ScrapeError,
}
