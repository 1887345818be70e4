using Microsoft.Extensions.DependencyInjection;

namespace Observability.Aggregator.Access;

/// <summary>Wires authentication and authorisation.</summary>
internal static class AccessExtensions
{
    public static void AddAccess(this IServiceCollection services)
    {
    }
}
