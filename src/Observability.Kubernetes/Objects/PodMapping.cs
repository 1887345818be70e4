using System.Buffers;
using System.Collections.Immutable;
using Observability.Tenancy;

namespace Observability.Kubernetes.Objects;

/// <summary>Reads what the directory needs of pods. Names that many pods share (namespace, node, container) are one string each.</summary>
internal sealed class PodMapping
{
    private const int MaxSharedNames = 200_000;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly HashSet<string> _shared = new(StringComparer.Ordinal);

    public void Forget() => _shared.Clear();

    /// <returns>Null where the object lacks its name, namespace or UID.</returns>
    public PodObject? Map(WirePod wire, ulong version)
    {
        if (wire.Metadata is not { Name.Length: > 0, Namespace.Length: > 0, Uid.Length: > 0 } metadata)
            return null;
        string node = wire.Spec?.NodeName ?? "";
        return new PodObject
        {
            Uid = metadata.Uid,
            CgroupUid = StaticPodHash(metadata, node) ?? metadata.Uid,
            Namespace = Share(metadata.Namespace),
            Name = metadata.Name,
            Node = Share(node),
            HostNetwork = wire.Spec?.HostNetwork ?? false,
            CreatedMs = metadata.CreationTimestamp?.ToUnixTimeMilliseconds() ?? 0,
            StartedMs = wire.Status?.StartTime?.ToUnixTimeMilliseconds(),
            DeletedMs = metadata.DeletionTimestamp?.ToUnixTimeMilliseconds(),
            Phase = Phase(wire.Status?.Phase),
            Containers = Containers(wire),
            Overhead = Overhead(wire.Spec?.Overhead),
            ResourceVersion = version,
        };
    }

    /// <summary>
    /// Annotations are the word of whoever wrote the pod. Believed is only what the kubelet itself writes: a mirror pod that its own node
    /// owns, whose two annotations agree on a config hash. A hash has no dashes, so it can never be another pod's UID.
    /// </summary>
    private static string? StaticPodHash(WirePodMeta metadata, string node)
    {
        if (metadata.Annotations is not { ConfigHash: { Length: 32 } hash, ConfigMirror: { } mirror } ||
            !string.Equals(hash, mirror, StringComparison.Ordinal) || hash.AsSpan().ContainsAnyExcept(HexDigits))
            return null;
        bool ownedByItsNode = node.Length > 0 && metadata.OwnerReferences is [{ Kind: "Node", Controller: true, Name: { } owner }] &&
            string.Equals(owner, node, StringComparison.Ordinal);
        return ownedByItsNode ? hash : null;
    }

    private ImmutableArray<ContainerResources> Containers(WirePod wire)
    {
        List<WireContainer> init = wire.Spec?.InitContainers ?? [];
        List<WireContainer> main = wire.Spec?.Containers ?? [];
        ImmutableArray<ContainerResources>.Builder containers = ImmutableArray.CreateBuilder<ContainerResources>(init.Count + main.Count);
        foreach (WireContainer container in init)
            Add(containers, container, container.RestartPolicy == "Always" ? ContainerKind.Sidecar : ContainerKind.Init, wire.Status?.InitContainerStatuses);
        foreach (WireContainer container in main)
            Add(containers, container, ContainerKind.Main, wire.Status?.ContainerStatuses);
        return containers.DrainToImmutable();
    }

    private void Add(
        ImmutableArray<ContainerResources>.Builder containers, WireContainer container, ContainerKind kind, List<WireContainerStatus>? statuses)
    {
        if (container.Name is not { Length: > 0 } name)
            return;
        // After a resize in place the status says what is in force, the specification what is wished for.
        WireResources? actual = statuses?.Find(status => status.Name == name)?.Resources;
        long? Millis(Func<WireResources, Dictionary<string, string>?> of, string resource) =>
            (actual is null ? null : ResourceNames.Millis(of(actual), resource)) ?? (container.Resources is { } spec ? ResourceNames.Millis(of(spec), resource) : null);
        long? Units(Func<WireResources, Dictionary<string, string>?> of, string resource) =>
            (actual is null ? null : ResourceNames.Units(of(actual), resource)) ?? (container.Resources is { } spec ? ResourceNames.Units(of(spec), resource) : null);
        containers.Add(new ContainerResources
        {
            Name = Share(name),
            Kind = kind,
            CpuRequestMillicores = Millis(static resources => resources.Requests, ResourceNames.Cpu),
            CpuLimitMillicores = Millis(static resources => resources.Limits, ResourceNames.Cpu),
            MemoryRequestBytes = Units(static resources => resources.Requests, ResourceNames.Memory),
            MemoryLimitBytes = Units(static resources => resources.Limits, ResourceNames.Memory),
            EphemeralStorageRequestBytes = Units(static resources => resources.Requests, ResourceNames.EphemeralStorage),
            EphemeralStorageLimitBytes = Units(static resources => resources.Limits, ResourceNames.EphemeralStorage),
        });
    }

    private static PodOverhead? Overhead(Dictionary<string, string>? overhead) =>
        overhead is not { Count: > 0 }
            ? null
            : new PodOverhead(
                ResourceNames.Millis(overhead, ResourceNames.Cpu),
                ResourceNames.Units(overhead, ResourceNames.Memory),
                ResourceNames.Units(overhead, ResourceNames.EphemeralStorage));

    private static PodPhase Phase(string? phase) => phase switch
    {
        "Pending" => PodPhase.Pending,
        "Running" => PodPhase.Running,
        "Succeeded" => PodPhase.Succeeded,
        "Failed" => PodPhase.Failed,
        _ => PodPhase.Unknown,
    };

    private string Share(string name)
    {
        if (_shared.TryGetValue(name, out string? shared))
            return shared;
        if (_shared.Count >= MaxSharedNames)
            _shared.Clear();
        _shared.Add(name);
        return name;
    }
}
