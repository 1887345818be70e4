using Observability.Tenancy;

namespace Observability.Kubernetes.Objects;

internal static class NamespaceMapping
{
    /// <summary>A copy of the whole object that kubectl keeps in it: the directory has no use for it.</summary>
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <returns>Null where the object lacks its name or UID.</returns>
    public static NamespaceObject? Map(WireNamespace wire, ulong version)
    {
        if (wire.Metadata is not { Name.Length: > 0, Uid.Length: > 0 } metadata)
            return null;
        metadata.Annotations?.Remove(LastApplied);
        var mapped = new NamespaceObject
        {
            Name = metadata.Name,
            Uid = metadata.Uid,
            CreatedMs = metadata.CreationTimestamp?.ToUnixTimeMilliseconds() ?? 0,
            DeletedMs = metadata.DeletionTimestamp?.ToUnixTimeMilliseconds(),
            ResourceVersion = version,
        };
        if (metadata.Labels is { Count: > 0 } labels)
            mapped = mapped with { Labels = labels };
        return metadata.Annotations is { Count: > 0 } annotations ? mapped with { Annotations = annotations } : mapped;
    }
}
