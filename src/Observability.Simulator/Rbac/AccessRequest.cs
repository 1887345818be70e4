namespace Observability.Simulator.Rbac;

/// <summary>What somebody wants to do: to a resource, or to a path where <see cref="Path"/> is set.</summary>
internal sealed record AccessRequest
{
    public required string Verb { get; init; }

    public string Group { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    /// <summary>Empty: no single object, or all namespaces.</summary>
    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Path { get; init; }
}
