using System.Globalization;
using System.Runtime.InteropServices;

namespace Observability.Simulator;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["--help"] or ["-h"])
        {
            await Console.Out.WriteLineAsync(CommandLine.Help);
            return 0;
        }

        if (!CommandLine.TryParse(arguments, out CommandLine? command, out IReadOnlyList<string> errors))
        {
            foreach (string error in errors)
                await Console.Error.WriteLineAsync(error);
            return 2;
        }

        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        SimulatorOptions options = Scenarios.ThreeTenants(command.Seed, command.Nodes, command.PodsPerNode) with { ApiPort = command.ApiPort };
        await using ClusterSimulator cluster = await ClusterSimulator.StartAsync(options, TimeProvider.System, stop.Token);
        if (command.KubeconfigFile is { } file)
            cluster.WriteKubeconfig(file, cluster.AdministratorToken);
        if (command.CertificateFile is { } certificate)
            await File.WriteAllTextAsync(certificate, cluster.CaCertificatePem, stop.Token);

        await Console.Out.WriteLineAsync(Describe(cluster));
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The way out: disposing stops the listeners.
        }

        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static string Describe(ClusterSimulator cluster)
    {
        StringWriter text = new(CultureInfo.InvariantCulture);
        text.WriteLine($"API server            {cluster.ApiServer}");
        foreach (SimulatedNode node in cluster.Nodes)
            text.WriteLine($"kubelet of {node.Name,-10} {node.Kubelet}");
        text.WriteLine($"administrator         {cluster.AdministratorToken}");
        foreach (SimulatedNode node in cluster.Nodes)
        {
            string token = cluster.IssueToken(
                "observability", "collector", [ClusterSimulator.ApiAudience, "observability"], node.Name, TimeSpan.FromDays(1));
            text.WriteLine($"collector on {node.Name,-8} {token}");
        }

        return text.ToString();
    }
}
