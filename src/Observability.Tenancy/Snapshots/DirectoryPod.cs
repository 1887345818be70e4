using Observability.Model;

namespace Observability.Tenancy;

/// <summary>A pod that is proven to be in a namespace, and whose it is.</summary>
/// <param name="Pod">The pod, as last seen.</param>
/// <param name="NamespaceUid">The namespace it is in, for as long as it lives.</param>
/// <param name="Tenant">The namespace's owner now; for a row of an earlier time ask <see cref="DirectorySnapshot.OwnerAt"/>.</param>
/// <param name="SinceMs">From when on it can have run on its node.</param>
/// <param name="UntilMs">When it was seen to be gone; null while it is there.</param>
public sealed record DirectoryPod(PodObject Pod, string NamespaceUid, TenantUid Tenant, long SinceMs, long? UntilMs)
{
    public string Uid => Pod.Uid;

    public bool Live => UntilMs is null;
}
