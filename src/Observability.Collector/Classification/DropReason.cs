namespace Observability.Collector.Classification;

/// <summary>Why a row or a sample is not sent.</summary>
internal enum DropReason : byte
{
    None,

    /// <summary>The family is not on the allow-list.</summary>
    UnknownFamily,

    /// <summary>The page gives the family another type than the allow-list expects.</summary>
    TypeClash,

    /// <summary>The family is not kept for this kind of row, such as a container's network or a slice's threads.</summary>
    OtherKind,

    /// <summary>A root row whose device is a path or id of a pod.</summary>
    DeviceNamesPod,

    /// <summary>A root row whose device is no block device, such as an overlay mount.</summary>
    DeviceNotReal,

    /// <summary>A row that says nothing of where it belongs: no cgroup id, or no pod UID in the id of a pod.</summary>
    NoIdentity,

    /// <summary>A cgroup below a container's.</summary>
    NestedCgroup,

    /// <summary>A container's cgroup without any label yet, as right after a kubelet restart: asked again at the next scrape.</summary>
    NotLabelledYet,

    /// <summary>A row whose namespace, pod or container contradicts what the same cgroup said before.</summary>
    Contradiction,

    /// <summary>A label name or value over the aggregator's limits, or more series than it takes.</summary>
    OverLimit,

    /// <summary>The network of a pod in the host's network namespace, which is the node's.</summary>
    HostNetwork,

    /// <summary>The older of two containers, or pods, of one name.</summary>
    Superseded,

    /// <summary>The same sample as in the scrape before.</summary>
    Repeated,

    /// <summary>Older than what was sent of the series.</summary>
    OutOfOrder,

    /// <summary>A timestamp further from the scrape than any real one.</summary>
    BadTimestamp,

    /// <summary>The pod did not appear in the directory in time.</summary>
    Unresolved,

    /// <summary>The aggregator refused the series.</summary>
    Refused,
}
