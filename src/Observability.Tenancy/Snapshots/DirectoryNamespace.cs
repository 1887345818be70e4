using Observability.Model;

namespace Observability.Tenancy;

/// <summary>A namespace and whose it is.</summary>
/// <param name="Name">Its name, which another namespace may have had before.</param>
/// <param name="Uid">Its identity.</param>
/// <param name="Tenant">The owner, or an operator partition.</param>
/// <param name="OwnedFromMs">Since when this very namespace is this owner's: the later of its creation and the start of the epoch.</param>
/// <param name="Live">False once it is deleted; it stays known for a while, for its pods' last rows.</param>
public sealed record DirectoryNamespace(string Name, string Uid, TenantUid Tenant, long OwnedFromMs, bool Live);
