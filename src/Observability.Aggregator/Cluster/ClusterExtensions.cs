using System.Data.Common;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Observability.Access;
using Observability.Kubernetes;
using Observability.Tenancy;

namespace Observability.Aggregator.Cluster;

/// <summary>
/// Wires the cluster: what watches feed into the tenant directory, and who reviews tokens and access. A stand-in for any of
/// <see cref="ITokenReviewer"/>, <see cref="IAccessReviewer"/> and <see cref="IClusterSync"/> that is registered before replaces it; with
/// all three replaced no API server is asked for.
/// </summary>
internal static class ClusterExtensions
{
    public static void AddCluster(this IServiceCollection services, AggregatorOptions options)
    {
        services.TryAddSingleton(provider => Open(options.Kubernetes, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ITokenReviewer, KubernetesTokenReviewer>();
        services.TryAddSingleton<IAccessReviewer, KubernetesAccessReviewer>();
        if (!services.Any(service => service.ServiceType == typeof(IClusterSync)))
        {
            services.AddSingleton<ClusterWatcher>();
            services.AddSingleton<IClusterSync>(provider => provider.GetRequiredService<ClusterWatcher>());
            services.AddHostedService(provider => provider.GetRequiredService<ClusterWatcher>());
            services.TryAddSingleton<INamespaceConfirmer, NamespaceConfirmer>();
        }
        AddDirectory(services, options);
    }

    private static void AddDirectory(IServiceCollection services, AggregatorOptions options)
    {
        if (options.Tenancy.NamespaceLabel.Length > 0)
        {
            services.AddSingleton<ITenantProvider>(provider => new NamespaceLabelProvider(
                options.Tenancy.NamespaceLabel, provider.GetRequiredService<ILogger<NamespaceLabelProvider>>()));
        }
        if (options.Tenancy.StaticFile.Length > 0)
        {
            services.AddSingleton<ITenantProvider>(provider => Checked("Tenancy:StaticFile", () => new StaticFileProvider(options.Tenancy.StaticFile,
                TimeSpan.FromSeconds(5), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<StaticFileProvider>>())));
        }
        services.AddSingleton(provider =>
        {
            var tenancy = new Observability.Tenancy.TenancyOptions { Cluster = options.Cluster, OwnershipFile = options.Tenancy.DatabaseFile };
            tenancy.SystemNamespaces.Clear();
            foreach (string name in options.Tenancy.SystemNamespaces)
                tenancy.SystemNamespaces.Add(name);
            ITenantProvider[] claims = [.. provider.GetServices<ITenantProvider>()];
            var time = provider.GetRequiredService<TimeProvider>();
            var meters = provider.GetRequiredService<IMeterFactory>();
            var logger = provider.GetRequiredService<ILogger<TenantDirectory>>();
            var confirmer = provider.GetService<INamespaceConfirmer>();
            return Checked("Tenancy:DatabaseFile", () => new TenantDirectory(tenancy, claims, time, meters, logger, confirmer));
        });
        services.AddSingleton<IClusterView>(provider => provider.GetRequiredService<TenantDirectory>());
    }

    // What a file holds shows only when it is read.
    private static T Checked<T>(string key, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception) when (exception is TenantFileException or DbException or InvalidOperationException)
        {
            throw new SettingsException([$"{key}: {exception.Message}"]);
        }
    }

    private static ClusterConnection Open(KubernetesOptions options, TimeProvider time)
    {
        try
        {
            return ClusterConnection.Open(Connection(options), time);
        }
        catch (Exception exception)
        {
            string key = options.ApiServer.Length > 0 ? "Kubernetes:ApiServer" : "Kubernetes:Kubeconfig";
            throw new SettingsException([$"{key}: the cluster cannot be reached with these settings: {exception.Message}"]);
        }
    }

    private static ClusterOptions Connection(KubernetesOptions options) => new()
    {
        Kubeconfig = Given(options.Kubeconfig),
        Server = Given(options.ApiServer) is { } server ? new Uri(server) : null,
        CaFile = Given(options.CaFile),
        TokenFile = Given(options.TokenFile),
    };

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
