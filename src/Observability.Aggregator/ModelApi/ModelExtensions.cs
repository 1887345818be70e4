using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Observability.Aggregator.ModelApi.Telemetry;

namespace Observability.Aggregator.ModelApi;

/// <summary>Wires the model. <c>MapModel</c> and <c>MapModelService</c> publish it.</summary>
internal static class ModelExtensions
{
    /// <summary>Needs the store, the tenant directory, a clock and meters.</summary>
    internal static void AddModel(this IServiceCollection services)
    {
        services.TryAddSingleton(new ModelOptions());
        services.AddSingleton<ModelObjects>();
        services.AddSingleton<ModelView>();
        services.AddSingleton<ModelQueries>();
    }
}
