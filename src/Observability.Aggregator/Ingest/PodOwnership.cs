using Observability.Model;
using Observability.Tenancy;

namespace Observability.Aggregator.Ingest;

/// <summary>
/// One pod of a stream's node: when it ran there and whose its namespace was when. Shared by the pod's series, and read again when the
/// directory has a new version, so that a sample costs two comparisons.
/// </summary>
internal sealed class PodOwnership
{
    /// <summary>
    /// How far behind the pod's end a sample may lie: the end is when the API server told us, by our clock, and the sample is stamped by
    /// the node's.
    /// </summary>
    private const long EndToleranceMs = 30_000;

    private IReadOnlyList<OwnershipEpoch> _epochs = [];
    private long _version = -1;
    private long _sinceMs;
    private long _untilMs;

    // The epoch that the last sample fell into.
    private TenantUid _owner;
    private long _ownerFromMs = long.MaxValue;
    private long _ownerToMs = long.MinValue;

    // Whose the series that are open now were said to be.
    private TenantUid _announced;

    public PodOwnership(DirectoryPod pod) => (Pod, _announced) = (pod, pod.Tenant);

    /// <summary>The pod as last seen in the directory.</summary>
    public DirectoryPod Pod { get; private set; }

    public void Refresh(DirectorySnapshot directory)
    {
        if (directory.Version == _version)
            return;
        _version = directory.Version;
        if (directory.TryGetPod(Pod.Uid, out DirectoryPod? pod))
        {
            Pod = pod;
            _sinceMs = pod.SinceMs;
            _untilMs = pod.UntilMs is { } until ? until + EndToleranceMs : long.MaxValue;
        }
        else if (_untilMs == long.MaxValue)
        {
            // Out of the directory at once: it left no end behind, so nothing can be shown to be of its time.
            _untilMs = long.MinValue;
        }
        if (directory.EpochsOf(Pod.NamespaceUid) is { Count: > 0 } epochs)
            _epochs = epochs; // a namespace that was forgotten keeps, for its pods' last samples, the owners it had
        _ownerFromMs = long.MaxValue;
        _ownerToMs = long.MinValue;
    }

    /// <summary>True once for each change of the owner, whoever has read the directory since.</summary>
    public bool TakeOwnerChange()
    {
        if (Pod.Tenant == _announced)
            return false;
        _announced = Pod.Tenant;
        return true;
    }

    /// <summary>Whose a sample of that time is, for ever.</summary>
    /// <returns>False where the pod did not run on the node then.</returns>
    public bool TryGetOwner(long timestampMs, out TenantUid owner)
    {
        owner = _owner;
        if (timestampMs < _sinceMs || timestampMs > _untilMs)
            return false;
        if (timestampMs >= _ownerFromMs && timestampMs < _ownerToMs)
            return true;
        for (int i = _epochs.Count - 1; i >= 0; i--)
        {
            if (_epochs[i].FromMs > timestampMs)
                continue;
            owner = _owner = _epochs[i].Tenant;
            _ownerFromMs = _epochs[i].FromMs;
            // The next owner's epoch ends this one; after the last one, of a deleted namespace, no other owner can come.
            _ownerToMs = i + 1 < _epochs.Count ? _epochs[i + 1].FromMs : long.MaxValue;
            return true;
        }
        owner = TenantUid.Unassigned;
        return true;
    }
}
