using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observability.Aggregator.Access;
using Observability.Aggregator.Cluster;
using Observability.Aggregator.Configuration;
using Observability.Aggregator.Ingest;
using Observability.Aggregator.Listening;
using Observability.Aggregator.Maintenance;
using Observability.Aggregator.ModelApi;
using Observability.Aggregator.PrometheusApi;
using Observability.Aggregator.Surfaces;
using Observability.Aggregator.Telemetry;

namespace Observability.Aggregator;

/// <summary>
/// The aggregator as an object: <c>Program</c> runs one, tests and the demo run it inside their own process. It listens from
/// <see cref="StartAsync"/> on; <see cref="StopAsync"/> lets open requests end within <see cref="AggregatorOptions.ShutdownTimeout"/>.
/// </summary>
public sealed partial class AggregatorHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly BoundListeners _listeners;
    private readonly bool _tls;

    private AggregatorHost(WebApplication application, BoundListeners listeners, bool tls)
    {
        _application = application;
        _listeners = listeners;
        _tls = tls;
    }

    /// <summary>Where it listens.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public AggregatorEndpoints Endpoints => _listeners.Endpoints(_tls);

    public IServiceProvider Services => _application.Services;

    /// <param name="options">Checked here.</param>
    /// <param name="replace">
    /// Registers stand-ins for the boundaries before the aggregator registers its own: <see cref="TimeProvider"/>, the token and access
    /// reviewers, the source of cluster objects, logging providers.
    /// </param>
    /// <exception cref="SettingsException">Settings are wrong; lists all faults.</exception>
    /// <exception cref="Storage.StoreDirectoryException">The store's folder cannot be used.</exception>
    public static AggregatorHost Create(AggregatorOptions options, Action<IServiceCollection>? replace = null)
    {
        List<string> faults = [.. OptionsValidator.Faults(options)];
        if (faults.Count > 0)
            throw new SettingsException(faults);

        // Empty: nothing listens, logs or reads configuration but what stands here.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "observability-aggregator" });
        var listeners = new BoundListeners();
        builder.WebHost.UseListeners(options, listeners);
        builder.AddTelemetry(options.Telemetry);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);

        replace?.Invoke(builder.Services);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddRouting();
        builder.Services.AddCluster(options);
        builder.Services.AddAccess();
        builder.Services.AddStore(options);
        builder.Services.AddIngest(options);
        builder.Services.AddModel();
        builder.Services.AddPrometheus(options);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.IgnoreUnknownServices = true; // the surface gate answers what is not mapped
            grpc.MaxReceiveMessageSize = 64 * 1024;
            grpc.EnableDetailedErrors = false;
        });

        WebApplication application = builder.Build();
        application.UseMiddleware<RequestTracing>();
        application.UseMiddleware<FaultGuard>();
        application.UseMiddleware<RequestRules>();
        application.UseRouting();
        application.UseMiddleware<SurfaceGate>();
        application.UseMiddleware<AccessMiddleware>();
        application.UseMiddleware<StoreGate>();
        application.MapAdmin();
        application.MapOperator();
        application.MapIngest();
        application.MapModel();
        application.MapPrometheus();
        application.UseEndpoints(_ => { });
        SurfaceAudit.Check(application.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>());
        application.Services.GetRequiredService<OwnMetrics>(); // listens before the first meter is made
        application.Services.GetRequiredService<Storage.MetricStore>(); // takes its folder before anything listens
        return new AggregatorHost(application, listeners, options.Tls.IsSet);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _application.StartAsync(cancellationToken);
        ILogger logger = Services.GetRequiredService<ILogger<AggregatorHost>>();
        (Uri query, Uri grpc, Uri admin, Uri ingest) = Endpoints;
        LogListening(logger, query, grpc, admin, ingest);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    /// <summary>Starts, and returns after a signal to stop was followed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        await _application.WaitForShutdownAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    [LoggerMessage(EventId = 4000, Level = LogLevel.Information, Message = "Listening: query {Query}, gRPC {Grpc}, admin {Admin}, ingest {Ingest}")]
    private static partial void LogListening(ILogger logger, Uri query, Uri grpc, Uri admin, Uri ingest);
}
