using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observability.Kubernetes.Objects;

// What is read of the API server's JSON: these members and no others. Everything else of a pod (managed fields, specs, conditions, most
// of it by size) is skipped by the reader and never becomes an object, which is why the typed models of the client are not used here.

internal sealed record WireList<T>(WireListMeta? Metadata, List<T>? Items);

internal sealed record WireListMeta(string? ResourceVersion, string? Continue);

internal sealed record WireEvent<T>(string? Type, T? Object);

/// <summary>Reads the type of a watch event alone; the object's class depends on it.</summary>
internal sealed record WireEventType(string? Type);

/// <summary>The object of a BOOKMARK.</summary>
internal sealed record WireBookmark(WireMeta? Metadata);

/// <summary>The object of an ERROR event, and the body of a refused request.</summary>
internal sealed record WireStatus(int Code, string? Reason, string? Message);

internal interface IWireObject
{
    string? ResourceVersion { get; }
}

internal sealed record WireMeta(
    string? Name, string? Namespace, string? Uid, string? ResourceVersion,
    DateTimeOffset? CreationTimestamp, DateTimeOffset? DeletionTimestamp);

internal sealed record WireNamespace(WireNamespaceMeta? Metadata) : IWireObject
{
    public string? ResourceVersion => Metadata?.ResourceVersion;
}

internal sealed record WireNamespaceMeta(
    string? Name, string? Uid, string? ResourceVersion, DateTimeOffset? CreationTimestamp, DateTimeOffset? DeletionTimestamp,
    Dictionary<string, string>? Labels, Dictionary<string, string>? Annotations);

internal sealed record WireNode(WireMeta? Metadata, WireNodeStatus? Status) : IWireObject
{
    public string? ResourceVersion => Metadata?.ResourceVersion;
}

internal sealed record WireNodeStatus(Dictionary<string, string>? Capacity, Dictionary<string, string>? Allocatable);

internal sealed record WirePod(WirePodMeta? Metadata, WirePodSpec? Spec, WirePodStatus? Status) : IWireObject
{
    public string? ResourceVersion => Metadata?.ResourceVersion;
}

internal sealed record WirePodMeta(
    string? Name, string? Namespace, string? Uid, string? ResourceVersion, DateTimeOffset? CreationTimestamp,
    DateTimeOffset? DeletionTimestamp, WirePodAnnotations? Annotations, List<WireOwner>? OwnerReferences);

internal sealed record WirePodAnnotations(
    [property: JsonPropertyName("kubernetes.io/config.hash")] string? ConfigHash,
    [property: JsonPropertyName("kubernetes.io/config.mirror")] string? ConfigMirror);

internal sealed record WireOwner(string? Kind, string? Name, bool? Controller);

internal sealed record WirePodSpec(
    string? NodeName, bool? HostNetwork, Dictionary<string, string>? Overhead,
    List<WireContainer>? InitContainers, List<WireContainer>? Containers);

internal sealed record WireContainer(string? Name, string? RestartPolicy, WireResources? Resources);

internal sealed record WireResources(Dictionary<string, string>? Requests, Dictionary<string, string>? Limits);

internal sealed record WirePodStatus(
    string? Phase, DateTimeOffset? StartTime, List<WireContainerStatus>? InitContainerStatuses, List<WireContainerStatus>? ContainerStatuses);

internal sealed record WireContainerStatus(string? Name, WireResources? Resources);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WireList<WireNamespace>))]
[JsonSerializable(typeof(WireList<WireNode>))]
[JsonSerializable(typeof(WireList<WirePod>))]
[JsonSerializable(typeof(WireEvent<WireNamespace>))]
[JsonSerializable(typeof(WireEvent<WireNode>))]
[JsonSerializable(typeof(WireEvent<WirePod>))]
[JsonSerializable(typeof(WireEvent<WireBookmark>))]
[JsonSerializable(typeof(WireEvent<WireStatus>))]
[JsonSerializable(typeof(WireEventType))]
[JsonSerializable(typeof(WireStatus))]
internal sealed partial class WireJson : JsonSerializerContext;
