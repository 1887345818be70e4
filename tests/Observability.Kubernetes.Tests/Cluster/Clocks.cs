using Microsoft.Extensions.Time.Testing;

namespace Observability.Kubernetes.Tests.Cluster;

internal static class Clocks
{
    /// <summary>Moves the clock on, step by step, until something has happened; between steps the sockets get their turn.</summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider time, TimeSpan step, Task happened)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!happened.IsCompleted)
        {
            time.Advance(step);
            await Task.WhenAny(happened, Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token));
            limit.Token.ThrowIfCancellationRequested();
        }
        await happened;
    }
}
