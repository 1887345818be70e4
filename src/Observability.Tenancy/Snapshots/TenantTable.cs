using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>The tenants' part of a snapshot.</summary>
internal sealed class TenantTable(ImmutableDictionary<TenantName, Tenant> byName, ImmutableDictionary<TenantUid, Tenant> byUid)
{
    private IReadOnlyList<Tenant>? _sorted;

    public static TenantTable Empty { get; } =
        new(ImmutableDictionary<TenantName, Tenant>.Empty, ImmutableDictionary<TenantUid, Tenant>.Empty);

    public ImmutableDictionary<TenantName, Tenant> ByName => byName;

    public ImmutableDictionary<TenantUid, Tenant> ByUid => byUid;

    public IReadOnlyList<Tenant> Sorted => _sorted ??= [.. byName.Values.OrderBy(tenant => tenant.Name.ToString(), StringComparer.Ordinal)];

    public TenantTable With(IEnumerable<Tenant> tenants)
    {
        List<Tenant> added = [.. tenants];
        return new(
            byName.AddRange(added.Select(tenant => KeyValuePair.Create(tenant.Name, tenant))),
            byUid.AddRange(added.Select(tenant => KeyValuePair.Create(tenant.Uid, tenant))));
    }
}
