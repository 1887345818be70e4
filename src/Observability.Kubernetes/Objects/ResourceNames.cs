namespace Observability.Kubernetes.Objects;

/// <summary>The resources that are read of a resource list; a quantity that is absent or unreadable says nothing.</summary>
internal static class ResourceNames
{
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string EphemeralStorage = "ephemeral-storage";
    public const string Pods = "pods";

    public static long? Millis(Dictionary<string, string>? resources, string name) => Find(resources, name)?.Millis;

    public static long? Units(Dictionary<string, string>? resources, string name) => Find(resources, name)?.Units;

    private static Quantity? Find(Dictionary<string, string>? resources, string name) =>
        resources is not null && resources.TryGetValue(name, out string? text) && Quantity.TryParse(text, out Quantity quantity)
            ? quantity
            : null;
}
