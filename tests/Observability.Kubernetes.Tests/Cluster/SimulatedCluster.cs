using Observability.Simulator;

namespace Observability.Kubernetes.Tests.Cluster;

/// <summary>The simulator's cluster with a folder for files, and options that reach it as the aggregator does.</summary>
internal sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("observability-kubernetes-");

    private SimulatedCluster(ClusterSimulator simulator) => Simulator = simulator;

    public ClusterSimulator Simulator { get; }

    public World World => Simulator.World;

    public static async Task<SimulatedCluster> StartAsync(TimeProvider? time = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return new SimulatedCluster(await ClusterSimulator.StartAsync(Scenarios.ThreeTenants(), time ?? TimeProvider.System, limit.Token));
    }

    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Server, CA and token files, with the rights of the aggregator's service account; retries that do not make a test wait.</summary>
    public ClusterOptions Options()
    {
        string token = File(Path.GetRandomFileName());
        System.IO.File.WriteAllText(token, Simulator.IssueToken("observability", "aggregator", []));
        return OptionsWith(token);
    }

    public ClusterOptions OptionsWith(string tokenFile)
    {
        string authorities = File("ca.pem");
        System.IO.File.WriteAllText(authorities, Simulator.CaCertificatePem);
        return new ClusterOptions
        {
            Server = Simulator.ApiServer,
            CaFile = authorities,
            TokenFile = tokenFile,
            FirstRetry = TimeSpan.FromMilliseconds(10),
            LastRetry = TimeSpan.FromMilliseconds(100),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
