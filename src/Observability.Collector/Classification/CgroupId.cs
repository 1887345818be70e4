using System.Buffers;

namespace Observability.Collector.Classification;

/// <summary>Where a cgroup stands.</summary>
internal enum CgroupLevel : byte
{
    Root,

    /// <summary>Above or beside the pods.</summary>
    Slice,
    Pod,

    /// <summary>Directly below a pod: a container or the sandbox.</summary>
    Container,

    /// <summary>Below a container, or below a pod and no container.</summary>
    Nested,
}

/// <summary>
/// A cgroup path, read from cAdvisor's <c>id</c>: with the cgroupfs driver <c>/kubepods/burstable/pod&lt;uid&gt;/&lt;64 hex&gt;</c>, with
/// systemd <c>/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod&lt;uid, _ for -&gt;.slice/cri-containerd-&lt;64 hex&gt;.scope</c>,
/// behind any prefix (<c>/kubelet.slice</c>). The first pod on the path counts: what stands below it is made by the tenant.
/// </summary>
internal readonly ref struct CgroupId
{
    private static readonly SearchValues<byte> UidBytes = SearchValues.Create("0123456789abcdefABCDEF-_"u8);
    private static readonly SearchValues<byte> HexBytes = SearchValues.Create("0123456789abcdef"u8);

    private CgroupId(CgroupLevel level, ReadOnlySpan<byte> podUid, ReadOnlySpan<byte> containerId)
    {
        Level = level;
        PodUid = podUid;
        ContainerId = containerId;
    }

    internal CgroupLevel Level { get; }

    /// <summary>As it stands on the path: under systemd with <c>_</c> for <c>-</c>.</summary>
    internal ReadOnlySpan<byte> PodUid { get; }

    /// <summary>64 hex digits, at level Container.</summary>
    internal ReadOnlySpan<byte> ContainerId { get; }

    internal static CgroupId Parse(ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual("/"u8))
            return new CgroupId(CgroupLevel.Root, default, default);
        bool belowKubepods = false;
        for (ReadOnlySpan<byte> rest = path; !rest.IsEmpty;)
        {
            ReadOnlySpan<byte> segment = NextSegment(ref rest);
            if (belowKubepods && TryPodUid(segment, out ReadOnlySpan<byte> uid))
                return BelowPod(uid, rest);
            belowKubepods |= segment.StartsWith("kubepods"u8) || segment.IndexOf("-kubepods"u8) >= 0;
        }
        return new CgroupId(CgroupLevel.Slice, default, default);
    }

    private static CgroupId BelowPod(ReadOnlySpan<byte> uid, ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> segment = NextSegment(ref rest);
        if (segment.IsEmpty)
            return new CgroupId(CgroupLevel.Pod, uid, default);
        return rest.IsEmpty && TryContainerId(segment, out ReadOnlySpan<byte> container)
            ? new CgroupId(CgroupLevel.Container, uid, container)
            : new CgroupId(CgroupLevel.Nested, uid, default);
    }

    private static ReadOnlySpan<byte> NextSegment(scoped ref ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart((byte)'/');
        int end = rest.IndexOf((byte)'/');
        ReadOnlySpan<byte> segment = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return segment;
    }

    // pod<uid>, or kubepods[-<qos>]-pod<uid>.slice
    private static bool TryPodUid(ReadOnlySpan<byte> segment, out ReadOnlySpan<byte> uid)
    {
        uid = default;
        if (segment.EndsWith(".slice"u8))
        {
            segment = segment[..^".slice"u8.Length];
            int start = segment.LastIndexOf("-pod"u8);
            if (start < 0)
                return false;
            segment = segment[(start + 1)..];
        }
        if (!segment.StartsWith("pod"u8))
            return false;
        segment = segment["pod"u8.Length..];
        if (segment.Length is not (32 or 36) || segment.ContainsAnyExcept(UidBytes)) // a static pod's is a hash without dashes
            return false;
        uid = segment;
        return true;
    }

    // <64 hex>, or <runtime>-<64 hex>[.scope]
    private static bool TryContainerId(ReadOnlySpan<byte> segment, out ReadOnlySpan<byte> id)
    {
        id = default;
        if (segment.EndsWith(".scope"u8))
            segment = segment[..^".scope"u8.Length];
        if (segment.Length < 64 || segment[^64..].ContainsAnyExcept(HexBytes))
            return false;
        ReadOnlySpan<byte> prefix = segment[..^64];
        if (!prefix.IsEmpty && (prefix[^1] != '-' || prefix.EndsWith("conmon-"u8))) // CRI-O's monitor is no container
            return false;
        id = segment[^64..];
        return true;
    }
}
