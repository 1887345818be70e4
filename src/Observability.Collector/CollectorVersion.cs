namespace Observability.Collector;

/// <summary>The version of this build.</summary>
internal static class CollectorVersion
{
    internal static string Text { get; } = typeof(CollectorVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
