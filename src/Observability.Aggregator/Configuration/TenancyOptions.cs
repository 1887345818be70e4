using System.Collections.Immutable;

namespace Observability.Aggregator;

/// <summary>Who owns which namespace.</summary>
public sealed class TenancyOptions
{
    /// <summary>SQLite file that keeps tenant identities and ownership epochs. Empty: kept in memory and lost at exit.</summary>
    public string DatabaseFile { get; set; } = "";

    /// <summary>Label of a Namespace whose value names its tenant. Empty: no namespace label counts.</summary>
    public string NamespaceLabel { get; set; } = "tenant";

    /// <summary>JSON file that assigns namespaces to tenants. Empty: none.</summary>
    public string StaticFile { get; set; } = "";

    /// <summary>Namespaces of the cluster itself: the operator's, whatever a provider says.</summary>
    public ImmutableArray<string> SystemNamespaces { get; set; } = ["kube-system", "kube-public", "kube-node-lease"];
}
