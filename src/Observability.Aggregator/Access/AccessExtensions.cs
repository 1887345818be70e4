using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Observability.Access;
using Observability.Tenancy;

namespace Observability.Aggregator.Access;

/// <summary>Wires authentication and authorisation; the reviewers come from <c>Cluster</c> or a stand-in.</summary>
internal static class AccessExtensions
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton(new Observability.Access.AccessOptions());
        services.TryAddSingleton<IAccessLog, AccessLog>();
        services.AddSingleton<QueryShares>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton(provider => new Authorizer(
            () => provider.GetRequiredService<TenantDirectory>().Current,
            provider.GetRequiredService<IAccessReviewer>(),
            provider.GetRequiredService<Observability.Access.AccessOptions>(),
            provider.GetRequiredService<IAccessLog>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IMeterFactory>()));
    }
}
