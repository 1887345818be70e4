namespace Observability.PromQL.Histograms;

public enum HistogramBucketKind
{
    /// <summary>Of an exponential schema, below zero.</summary>
    Negative,

    /// <summary>Around zero, as wide as the zero threshold to both sides.</summary>
    Zero,

    /// <summary>Of an exponential schema, above zero.</summary>
    Positive,

    /// <summary>Between two custom bounds.</summary>
    Custom,
}
