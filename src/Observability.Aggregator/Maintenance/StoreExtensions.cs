using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Observability.Aggregator.ResourceSeries;
using Observability.Storage;

namespace Observability.Aggregator.Maintenance;

/// <summary>Wires the store, what keeps it small, and the series that come from watched objects.</summary>
internal static class StoreExtensions
{
    public static void AddStore(this IServiceCollection services, AggregatorOptions options)
    {
        if (options.Store.Path.Length > 0)
        {
            services.AddSingleton(provider => StoreDirectory.Open(options.Store.Path, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton(provider => new Journal(
                provider.GetRequiredService<StoreDirectory>(),
                new JournalOptions
                {
                    SyncEveryBatch = options.Store.SyncEveryBatch,
                    SyncInterval = options.Store.SyncInterval,
                    ReserveBytes = options.Store.ReserveBytes,
                },
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>()));
            services.TryAddSingleton<IJournal>(provider => provider.GetRequiredService<Journal>());
            services.AddSingleton(provider => new StoreBlocks(
                provider.GetRequiredService<StoreDirectory>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<StoreBlocks>>(), provider.GetRequiredService<IMeterFactory>()));
            services.AddSingleton(new RetentionOptions { Time = options.Store.Retention, Bytes = options.Store.RetentionBytes });
            services.AddSingleton<StoreLifecycle>();
            services.AddSingleton<OperatorEndpoints>();
        }
        services.TryAddSingleton<IJournal, VolatileJournal>();
        services.AddSingleton(provider => new MetricStore(
            new StoreOptions
            {
                HeadRange = options.Store.Range,
                OutOfOrderWindow = options.Store.OutOfOrderWindow,
                MaxSeriesPerPartition = options.Store.MaxSeriesPerTenant,
                MaxNewSeriesPerHour = options.Store.MaxNewSeriesPerTenantPerHour,
                MaxSamplesPerSecond = options.Store.MaxSamplesPerSecondPerTenant,
                // A row's own labels and the ten that ingest adds.
                MaxLabels = options.Ingest.MaxLabels + 10,
                MaxLabelValueBytes = Math.Max(options.Ingest.MaxLabelValueBytes, 1024),
            },
            provider.GetRequiredService<IJournal>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>(),
            provider.GetService<StoreBlocks>()));
        services.AddSingleton(provider => new StoreState(provider.GetService<Journal>()));
        services.AddHostedService<StoreStart>();
        services.AddHostedService<StoreUpkeep>();
        services.AddSingleton<ResourceSeriesWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ResourceSeriesWriter>());
    }
}
