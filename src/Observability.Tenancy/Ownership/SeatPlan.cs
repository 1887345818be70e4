using System.Runtime.InteropServices;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>How many live namespaces each tenant holds, with changes that count only once they are committed.</summary>
internal sealed class SeatPlan(Dictionary<string, TenantUid> seats, Dictionary<TenantUid, int> counts)
{
    private readonly Dictionary<string, TenantUid> _planned = new(StringComparer.Ordinal);
    private readonly Dictionary<TenantUid, int> _differences = [];

    public TenantUid Holder(string uid) => _planned.TryGetValue(uid, out TenantUid tenant) ? tenant : seats.GetValueOrDefault(uid);

    public int Count(TenantUid tenant) => counts.GetValueOrDefault(tenant) + _differences.GetValueOrDefault(tenant);

    /// <param name="uid">The namespace.</param>
    /// <param name="tenant">Its tenant; default: none.</param>
    public void Take(string uid, TenantUid tenant)
    {
        TenantUid before = Holder(uid);
        if (before == tenant)
            return;
        if (!before.IsDefault)
            CollectionsMarshal.GetValueRefOrAddDefault(_differences, before, out _)--;
        if (!tenant.IsDefault)
            CollectionsMarshal.GetValueRefOrAddDefault(_differences, tenant, out _)++;
        _planned[uid] = tenant;
    }

    public void Commit()
    {
        foreach ((string uid, TenantUid tenant) in _planned)
        {
            if (tenant.IsDefault)
                seats.Remove(uid);
            else
                seats[uid] = tenant;
        }

        foreach ((TenantUid tenant, int difference) in _differences)
        {
            int count = counts.GetValueOrDefault(tenant) + difference;
            if (count == 0)
                counts.Remove(tenant);
            else
                counts[tenant] = count;
        }
    }
}
