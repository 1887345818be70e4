using System.Reflection;

namespace Observability.Aggregator;

internal static class ProductVersion
{
    /// <summary>Version of this build, such as <c>0.1.0</c>, with the commit behind a plus where it is known.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
