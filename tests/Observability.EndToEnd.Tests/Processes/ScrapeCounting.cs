using Observability.Simulator;

namespace Observability.EndToEnd.Tests.Processes;

internal static class ScrapeCounting
{
    /// <summary>Waits until each node was scraped so many times more.</summary>
    public static async Task ScrapedAsync(this ClusterSimulator simulator, int times, CancellationToken cancellationToken)
    {
        long[] wanted = [.. simulator.Nodes.Select(node => node.CadvisorScrapes + times)];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (simulator.Nodes.Zip(wanted).Any(node => node.First.CadvisorScrapes < node.Second))
            await timer.WaitForNextTickAsync(cancellationToken);
    }
}
