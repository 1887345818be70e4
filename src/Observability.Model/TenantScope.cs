using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>
/// What a caller may read: the capability that everything which reads stored data takes. Only the authorizer makes one; whoever
/// holds one can narrow it, never widen it. An empty scope reads nothing.
/// </summary>
public sealed class TenantScope
{
    internal TenantScope(ImmutableArray<TenantGrant> grants, bool isOperator = false)
    {
        // One grant per partition: reads can then open each once, and nothing depends on the order of reviews.
        if (grants.Select(grant => grant.Tenant).Distinct().Count() != grants.Length)
            throw new ArgumentException("A partition stands twice in a scope.", nameof(grants));
        if (grants.Any(grant => grant.Tenant.IsDefault))
            throw new ArgumentException("A grant names no partition.", nameof(grants));
        if (!isOperator && grants.Any(grant => grant.Tenant.IsOperatorPartition))
            throw new ArgumentException("Only an operator's scope holds the operator's partitions.", nameof(grants));
        Grants = grants.Sort((a, b) => a.Tenant.CompareTo(b.Tenant));
        IsOperator = isOperator;
    }

    public static TenantScope Empty { get; } = new([]);

    /// <summary>Sorted by partition, each once.</summary>
    public ImmutableArray<TenantGrant> Grants { get; }

    /// <summary>True where nodes, the operator's partitions and every tenant may be read.</summary>
    public bool IsOperator { get; }

    public bool IsEmpty => Grants.IsEmpty;

    /// <summary>The part of this scope in one partition; empty where it holds none.</summary>
    public TenantScope Only(TenantUid tenant) => new(Grants.RemoveAll(grant => grant.Tenant != tenant), IsOperator);

    /// <summary>The part of this scope in which the right is held.</summary>
    public TenantScope Only(Rights right) => new(Grants.RemoveAll(grant => (grant.Rights & right) != right), IsOperator);
}
