using System.ComponentModel.DataAnnotations;

namespace Observability.Tenancy;

/// <summary>Settings of the tenant directory.</summary>
public sealed class TenancyOptions
{
    /// <summary>Name of this cluster in the ownership store. Default <c>default</c>.</summary>
    [Required, MinLength(1)]
    public string Cluster { get; set; } = "default";

    /// <summary>The SQLite file that keeps tenants and ownership epochs. Empty: kept in memory only, lost at the end of the process.</summary>
    public string OwnershipFile { get; set; } = "";

    /// <summary>Namespaces that belong to the platform: <c>_system</c>, whatever a provider says. Settings add to the three given.</summary>
    public IList<string> SystemNamespaces { get; } = ["kube-system", "kube-public", "kube-node-lease"];

    /// <summary>How long a deleted pod or namespace can still be resolved, for its last rows. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DeletedGrace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Deleted pods kept at most, the oldest forgotten first. Default 20,000.</summary>
    [Range(0, 1_000_000)]
    public int MaxDeletedPods { get; set; } = 20_000;

    /// <summary>Namespaces known at most; what comes beyond is not taken, and its pods stay unresolved. Default 50,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxNamespaces { get; set; } = 50_000;

    /// <summary>Pods known at most; what comes beyond is not taken. Default 300,000.</summary>
    [Range(1, 5_000_000)]
    public int MaxPods { get; set; } = 300_000;

    /// <summary>Tenants known at most; a namespace of a further one goes to <c>_unassigned</c>. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxTenants { get; set; } = 10_000;

    /// <summary>Live namespaces of one tenant at most; a further one goes to <c>_unassigned</c>. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxNamespacesPerTenant { get; set; } = 1_000;

    /// <summary>Pods whose changes may wait for one slow reader; beyond that it is told to read the node's pods again. Default 1,024.</summary>
    [Range(1, 100_000)]
    public int MaxPendingChanges { get; set; } = 1_024;

    /// <summary>Namespace confirmations under way at most. Default 4.</summary>
    [Range(1, 64)]
    public int MaxConcurrentConfirmations { get; set; } = 4;
}
