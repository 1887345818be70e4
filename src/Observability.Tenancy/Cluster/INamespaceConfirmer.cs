namespace Observability.Tenancy;

/// <summary>
/// Asks the API server which namespace has a name now. The answer must not be older than the call: a quorum read
/// (<c>GET</c> without a resource version), never one from a cache.
/// </summary>
public interface INamespaceConfirmer
{
    /// <returns>The namespace of that name; null where there is none.</returns>
    Task<NamespaceObject?> ConfirmAsync(string name, CancellationToken cancellationToken);
}
