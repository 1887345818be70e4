using Observability.Model;

namespace Observability.Access;

/// <summary>Why a part of a scope was granted.</summary>
/// <param name="Tenant">The partition; default for all of them.</param>
/// <param name="Namespace">The namespace that it is limited to; null: none.</param>
/// <param name="Reason">The review's own words, which name the binding and the role.</param>
public sealed record GrantReason(TenantUid Tenant, string? Namespace, string Reason);
