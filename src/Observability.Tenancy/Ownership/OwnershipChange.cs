namespace Observability.Tenancy;

/// <summary>What one transaction changes in the ownership store.</summary>
internal sealed class OwnershipChange
{
    public List<Tenant> NewTenants { get; } = [];

    /// <summary>Epochs that ended, with their end.</summary>
    public List<OwnershipEpoch> Closed { get; } = [];

    public List<OwnershipEpoch> Opened { get; } = [];

    public bool IsEmpty => NewTenants.Count == 0 && Closed.Count == 0 && Opened.Count == 0;
}
