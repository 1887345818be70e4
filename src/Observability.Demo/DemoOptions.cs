namespace Observability.Demo;

/// <summary>What one run of the demo does. The command line fills it.</summary>
internal sealed record DemoOptions
{
    /// <summary>Nodes of the simulated cluster.</summary>
    public required int Nodes { get; init; }

    /// <summary>Pods on each simulated node.</summary>
    public required int PodsPerNode { get; init; }

    /// <summary>Ends the run after this long; null: at Ctrl-C.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>Time between two scrapes of a node.</summary>
    public required TimeSpan ScrapeInterval { get; init; }

    /// <summary>Ports on 127.0.0.1; 0 takes a free one.</summary>
    public required int QueryPort { get; init; }

    public required int GrpcPort { get; init; }

    public required int AdminPort { get; init; }

    public required int IngestPort { get; init; }

    /// <summary>Where the JSON with links and tokens is written once the first data is there; null: nowhere.</summary>
    public required FileInfo? Session { get; init; }

    /// <summary>Where the store is kept from run to run; null: in a temporary folder that goes at the end.</summary>
    public required DirectoryInfo? Data { get; init; }

    /// <summary>A real cluster in place of the simulated one.</summary>
    public required FileInfo? Kubeconfig { get; init; }

    /// <summary>With a real cluster: takes any certificate of its kubelets.</summary>
    public required bool KubeletInsecureTls { get; init; }

    /// <summary>With a real cluster: the service accounts whose tokens are asked for and printed, as <c>label=namespace/name</c>.</summary>
    public required IReadOnlyList<ServiceAccountRef> Accounts { get; init; }

    /// <summary>With a real cluster: the service account that reads kubelets and pushes for every node.</summary>
    public required ServiceAccountRef CollectorAccount { get; init; }

    /// <summary>Logs of the parts, not only warnings.</summary>
    public required bool Verbose { get; init; }
}
