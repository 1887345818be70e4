using Observability.Model;

namespace Observability.Tenancy;

/// <summary>One owner of a namespace UID, from <paramref name="FromMs"/> on and before <paramref name="ToMs"/>.</summary>
/// <param name="NamespaceUid">The namespace.</param>
/// <param name="NamespaceName">Its name, for people.</param>
/// <param name="Tenant">The owner, or an operator partition.</param>
/// <param name="FromMs">First millisecond of the epoch. A namespace's first epoch starts when it was created.</param>
/// <param name="FromResourceVersion">The lowest resource version of the namespace at which this ownership was seen.</param>
/// <param name="ToMs">First millisecond after the epoch; null while it lasts.</param>
public sealed record OwnershipEpoch(
    string NamespaceUid, string NamespaceName, TenantUid Tenant, long FromMs, ulong FromResourceVersion, long? ToMs);
