using Observability.Model;

namespace Observability.PromQL.Sources;

/// <summary>What the engine will do with a selection. A source may use it to read less; it decides nothing about the result.</summary>
/// <param name="Range">Times that will be read, both ends inclusive.</param>
/// <param name="StepMs">Distance of the query's steps; 0 for an instant query.</param>
/// <param name="RangeMs">Length of the window of a range selector; else 0.</param>
/// <param name="Function">The function or aggregator around the selector; else empty.</param>
public readonly record struct SelectHints(TimeRange Range, long StepMs = 0, long RangeMs = 0, string Function = "")
{
    /// <summary>Labels of the aggregation around the selector.</summary>
    public IReadOnlyList<string> Grouping { get; init; } = [];

    /// <summary><see cref="Grouping"/> stands behind <c>by</c>, not <c>without</c>.</summary>
    public bool By { get; init; }
}
