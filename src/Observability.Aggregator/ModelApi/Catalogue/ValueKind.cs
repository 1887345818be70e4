namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>How a metric's value comes from its samples.</summary>
internal enum ValueKind
{
    /// <summary>The newest sample.</summary>
    Gauge,

    /// <summary>A counter as it stands; in a sum over objects its resets are taken out and what ended stays in.</summary>
    Cumulative,

    /// <summary>A counter's increase per second, by the samples' own times.</summary>
    Rate,

    /// <summary>Time since a start time given in seconds.</summary>
    Age,
}
