using Observability.Aggregator;
using Observability.Collector.Settings;

namespace Observability.Demo;

/// <summary>The cluster that a run collects from.</summary>
internal interface IDemoCluster : IAsyncDisposable
{
    /// <summary>One line for the reader: what this cluster is.</summary>
    string Description { get; }

    /// <summary>How the aggregator reaches the API server.</summary>
    KubernetesOptions ApiServer { get; }

    /// <summary>A collector's settings for each collector to run, but for the aggregator's address and the intervals.</summary>
    IReadOnlyList<CollectorOptions> Collectors { get; }

    /// <summary>Names of the tenants to expect data for.</summary>
    IReadOnlyList<string> Tenants { get; }

    /// <summary>Tokens to query with, by the name that they are printed under.</summary>
    IReadOnlyDictionary<string, string> Tokens { get; }

    /// <summary>Whether the run knows the example names (acme-web and so on) that its curl lines use.</summary>
    bool HasExamples { get; }
}
