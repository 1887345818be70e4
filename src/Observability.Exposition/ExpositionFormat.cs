namespace Observability.Exposition;

/// <summary>The two text forms in which a target may answer.</summary>
public enum ExpositionFormat
{
    /// <summary>Prometheus text format 0.0.4 (and text/plain 1.0.0, which adds quoted names).</summary>
    Text,

    /// <summary>OpenMetrics text 1.0.0 (and 0.0.1): stricter, with a mandatory <c># EOF</c>.</summary>
    OpenMetrics,
}
