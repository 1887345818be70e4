using System.Net.Sockets;
using Observability.Aggregator;
using Observability.Collector;
using Observability.Collector.Settings;
using Observability.Kubernetes;
using Observability.Storage;

namespace Observability.Demo;

/// <summary>One run: cluster, aggregator and collectors up, first data, links, then until the end.</summary>
internal static class DemoRun
{
    private static readonly TimeSpan FirstDataTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs until the duration is over or the run is cancelled.</summary>
    /// <returns>The exit code: 0 when it ended as asked, 1 when it could not start or no data came.</returns>
    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        var screen = new Screen(Console.Out, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await RunAsync(options, screen, time, end);
            screen.Progress("stopped");
            return 0;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            screen.Progress("stopped before the first data was there");
            return 1;
        }
        catch (DemoException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task RunAsync(DemoOptions options, Screen screen, TimeProvider time, CancellationTokenSource end)
    {
        screen.Progress("starting");
        using ILoggerFactory loggers = LoggerFactory.Create(logging => Log(logging, options));
        await using IDemoCluster cluster = options.Kubeconfig is null
            ? await SimulatedCluster.StartAsync(options, end.Token)
            : await ExistingCluster.ConnectAsync(options, end.Token);
        screen.Progress(cluster.Description);

        using DataFolder data = DataFolder.Open(options.Data);
        await using AggregatorHost aggregator = await StartAggregatorAsync(options, cluster, data, end.Token);
        screen.Progress($"aggregator: queries {aggregator.Endpoints.Query}, ingest {aggregator.Endpoints.Ingest}");
        // A collector that comes before the cluster is known is sent away, and waits before it tries again.
        await aggregator.Services.GetRequiredService<ClusterWatcher>().WhenSyncedAsync(end.Token);
        screen.Progress("the aggregator knows the cluster");

        using var collecting = new CancellationTokenSource();
        Task collectors = Task.WhenAll(cluster.Collectors.Select(collector =>
            CollectorHost.RunAsync(Complete(collector, options, aggregator.Endpoints.Ingest), time, loggers, collecting.Token)));
        screen.Progress($"collectors: {cluster.Collectors.Count}, a scrape every {options.ScrapeInterval.TotalSeconds:0.###} s");
        try
        {
            await Task.WhenAny(collectors, ServeAsync(options, cluster, aggregator, screen, time, end)).Unwrap();
        }
        finally
        {
            await collecting.CancelAsync();
            await collectors.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its error, if any, was thrown above
            await aggregator.StopAsync(CancellationToken.None);
        }
    }

    private static async Task ServeAsync(
        DemoOptions options, IDemoCluster cluster, AggregatorHost aggregator, Screen screen, TimeProvider time, CancellationTokenSource end)
    {
        await WaitForFirstDataAsync(cluster, aggregator.Endpoints.Query, screen, time, end.Token);
        var session = new Session(
            aggregator.Endpoints.Query.ToString(), aggregator.Endpoints.Grpc.ToString(), aggregator.Endpoints.Admin.ToString(), cluster.Tenants, cluster.Tokens);
        if (options.Session is { } file)
            await session.WriteAsync(file, end.Token);
        screen.Ready(session, cluster.HasExamples);
        screen.Progress(options.Duration is { } duration ? $"serving for {duration.TotalSeconds:0.###} s" : "serving; Ctrl-C ends it");
        await Task.Delay(options.Duration ?? Timeout.InfiniteTimeSpan, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task WaitForFirstDataAsync(
        IDemoCluster cluster, Uri query, Screen screen, TimeProvider time, CancellationToken cancellationToken)
    {
        using var firstData = new FirstData(query, time);
        using var patience = new CancellationTokenSource(FirstDataTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        screen.Progress("waiting for the first data");
        try
        {
            await Task.WhenAll(cluster.Tokens.Select(async token =>
            {
                await firstData.WaitAsync(token.Value, either.Token);
                screen.Progress($"first data for {token.Key}");
            }));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new DemoException($"No data for every token within {FirstDataTimeout.TotalSeconds:0} s. --verbose shows what the parts say.");
        }
    }

    private static async Task<AggregatorHost> StartAggregatorAsync(
        DemoOptions options, IDemoCluster cluster, DataFolder data, CancellationToken cancellationToken)
    {
        AggregatorHost aggregator = Create(new AggregatorOptions
        {
            Store = { Path = data["store"], ReserveBytes = 64 << 20 },
            // What is stored belongs to tenants by their UIDs, so these stay with it.
            Tenancy = { DatabaseFile = options.Data is null ? "" : data["tenancy.db"] },
            Kubernetes = cluster.ApiServer,
            Listen =
            {
                Query = $"127.0.0.1:{options.QueryPort}",
                Grpc = $"127.0.0.1:{options.GrpcPort}",
                Admin = $"127.0.0.1:{options.AdminPort}",
                Ingest = $"127.0.0.1:{options.IngestPort}",
            },
            ResourceSeries = { Interval = options.ScrapeInterval },
            Telemetry = { LogLevel = Level(options) },
        });
        try
        {
            await aggregator.StartAsync(cancellationToken);
            return aggregator;
        }
        catch (IOException exception) when (exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            await aggregator.DisposeAsync();
            throw new DemoException(
                $"A port is in use: {exception.Message} Choose others with --query-port, --grpc-port, --admin-port and --ingest-port; 0 takes a free one.",
                exception);
        }
    }

    private static AggregatorHost Create(AggregatorOptions options)
    {
        try
        {
            return AggregatorHost.Create(options);
        }
        catch (StoreDirectoryException exception)
        {
            throw new DemoException(exception.Message + " Choose another folder with --data.", exception);
        }
    }

    private static CollectorOptions Complete(CollectorOptions collector, DemoOptions options, Uri ingest)
    {
        collector.Aggregator = ingest;
        collector.ScrapeInterval = options.ScrapeInterval;
        collector.ScrapeTimeout = options.ScrapeInterval * 0.8;
        collector.SummaryInterval = options.ScrapeInterval * 4;
        collector.Listen = "";
        return collector;
    }

    private static void Log(ILoggingBuilder logging, DemoOptions options) =>
        logging.SetMinimumLevel(Level(options)).AddSimpleConsole(console => console.SingleLine = true);

    private static LogLevel Level(DemoOptions options) => options.Verbose ? LogLevel.Information : LogLevel.Warning;
}
