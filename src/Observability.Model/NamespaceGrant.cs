namespace Observability.Model;

/// <summary>A namespace that a grant is limited to.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="FromMs">
/// Since when the namespace of this name is the one that the right was given in: a namespace that is deleted and created again is
/// another namespace, so a right in the new one opens nothing of the old.
/// </param>
public readonly record struct NamespaceGrant(string Name, long FromMs);
