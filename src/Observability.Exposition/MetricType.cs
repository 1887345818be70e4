namespace Observability.Exposition;

/// <summary>The type that a <c># TYPE</c> line gives to a family.</summary>
public enum MetricType : byte
{
    /// <summary>No type was said, or <c>untyped</c> (text), or <c>unknown</c> (OpenMetrics).</summary>
    Untyped,
    Counter,
    Gauge,
    Histogram,
    Summary,

    /// <summary>OpenMetrics only.</summary>
    GaugeHistogram,

    /// <summary>OpenMetrics only.</summary>
    Info,

    /// <summary>OpenMetrics only.</summary>
    StateSet,
}
