namespace Observability.Simulator.Cluster;

/// <summary>A namespace. One that is deleted and created again is another one, with another UID.</summary>
internal sealed class NamespaceRecord(string name, string uid, DateTimeOffset created, IReadOnlyDictionary<string, string> labels)
{
    public string Name { get; } = name;

    public string Uid { get; } = uid;

    public DateTimeOffset Created { get; } = created;

    public IReadOnlyDictionary<string, string> Labels { get; set; } = labels;

    public DateTimeOffset? DeletionRequested { get; set; }
}
