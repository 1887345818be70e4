using System.Collections.Immutable;

namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>
/// What a metric is at some levels: scale × (Σ <see cref="Plus"/> − Σ <see cref="Minus"/>) ÷ Σ <see cref="Over"/>, at each time
/// where all parts have a value. Never negative: parts are sampled apart, and a part can be ahead of the whole.
/// </summary>
internal sealed record MetricFormula
{
    /// <summary>The levels it holds at. A metric has at most one formula for a level.</summary>
    public required ObjectLevel Levels { get; init; }

    public required ValueKind Kind { get; init; }

    public required TimeBasis Basis { get; init; }

    /// <summary>Summed, all series of all sources.</summary>
    public required ImmutableArray<SourceSeries> Plus { get; init; }

    /// <summary>Gauges taken off; null: none.</summary>
    public SourceSeries? Minus { get; init; }

    /// <summary>Gauges divided by; null: none. No point where they sum to zero.</summary>
    public SourceSeries? Over { get; init; }

    /// <summary>From the stored unit to the metric's.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>True where the unit has no fractions and the stored one had: nanoseconds that were written as seconds.</summary>
    public bool IsWhole { get; init; }

    /// <summary>True where a labelled metric means nothing when its label sets are summed, such as the limit of volumes on one disk.</summary>
    public bool NeedsLabels { get; init; }

    public bool IsLabelled => Plus[0].ResourceId is not null;
}
