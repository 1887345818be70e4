using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>One partition that a scope opens.</summary>
/// <param name="Tenant">The partition.</param>
/// <param name="Namespaces">The namespaces it is limited to; default (not empty): all of the tenant.</param>
/// <param name="Rights">What may be read there.</param>
public sealed record TenantGrant(TenantUid Tenant, ImmutableArray<NamespaceGrant> Namespaces, Rights Rights)
{
    public bool IsWholeTenant => Namespaces.IsDefault;

    public static TenantGrant Whole(TenantUid tenant, Rights rights) => new(tenant, default, rights);
}
