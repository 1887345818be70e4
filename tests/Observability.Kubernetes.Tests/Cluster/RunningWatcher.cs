using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Observability.Kubernetes.Tests.Cluster;

/// <summary>A watcher at work on a connection, with what it fed and what it logged.</summary>
internal sealed class RunningWatcher : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ClusterConnection _connection;

    private RunningWatcher(ClusterOptions options, TimeProvider time)
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _connection = ClusterConnection.Open(options, time);
        Watcher = new ClusterWatcher(_connection, View, time, Meters, Log);
    }

    public RecordingView View { get; } = new();

    public RecordingLogger<ClusterWatcher> Log { get; } = new();

    public ClusterWatcher Watcher { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public static async Task<RunningWatcher> StartAsync(ClusterOptions options, TimeProvider time)
    {
        var running = new RunningWatcher(options, time);
        await running.Watcher.StartAsync(CancellationToken.None);
        return running;
    }

    public static async Task<RunningWatcher> StartSyncedAsync(ClusterOptions options, TimeProvider time)
    {
        RunningWatcher running = await StartAsync(options, time);
        await running.SyncedAsync();
        return running;
    }

    public async Task SyncedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Watcher.WhenSyncedAsync(limit.Token);
    }

    public WatchStatus Status(string resource) => Watcher.Watches.Single(watch => watch.Resource == resource);

    public async ValueTask DisposeAsync()
    {
        await Watcher.StopAsync(CancellationToken.None);
        Watcher.Dispose();
        _connection.Dispose();
        await _services.DisposeAsync();
    }
}
