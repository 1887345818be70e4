using System.Collections.Immutable;

namespace Observability.Tenancy;

/// <summary>What changed among the pods of one node.</summary>
/// <param name="Version">The directory's version that this leads to.</param>
/// <param name="IsFull">True: <paramref name="Pods"/> are all of the node's; whatever else was known of it is void.</param>
/// <param name="Pods">New or changed, as they are now. Pods that ended but are still resolvable are among them.</param>
/// <param name="RemovedPodUids">No longer resolvable.</param>
public sealed record NodeChange(long Version, bool IsFull, ImmutableArray<DirectoryPod> Pods, ImmutableArray<string> RemovedPodUids);
