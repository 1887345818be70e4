namespace Observability.Access;

/// <summary>What a SubjectAccessReview asks about. An empty name or namespace means all of them, as there.</summary>
public sealed record AccessAttributes
{
    public required string Verb { get; init; }

    public required string Group { get; init; }

    public required string Resource { get; init; }

    public string Subresource { get; init; } = "";

    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";
}
