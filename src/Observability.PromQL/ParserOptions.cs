namespace Observability.PromQL;

/// <summary>Which parts of the language a text may use, and how large it may be. The defaults are those of Prometheus 3.14 without feature flags.</summary>
public sealed record ParserOptions
{
    public static ParserOptions Default { get; } = new();

    /// <summary>Everything that Prometheus has behind flags.</summary>
    public static ParserOptions Everything { get; } =
        new() { ExperimentalFunctions = true, ExtendedRangeSelectors = true, FillModifiers = true };

    /// <summary>Allows functions and aggregators that are marked experimental.</summary>
    public bool ExperimentalFunctions { get; init; }

    /// <summary>Allows arithmetic, <c>step()</c>, <c>range()</c>, <c>min_of</c> and <c>max_of</c> where a duration stands. Without it only literals may.</summary>
    public bool DurationExpressions { get; init; } = true;

    /// <summary>Allows <c>anchored</c> and <c>smoothed</c>.</summary>
    public bool ExtendedRangeSelectors { get; init; }

    /// <summary>Allows <c>fill</c>, <c>fill_left</c> and <c>fill_right</c> behind a binary operator.</summary>
    public bool FillModifiers { get; init; }

    /// <summary>Deepest tree, in nodes from the root to a leaf; what walks the tree may recurse this far.</summary>
    public int MaxDepth { get; init; } = 500;

    /// <summary>Most that the patterns of one text may keep in memory, by <see cref="Model.Matcher.Cost"/>.</summary>
    public int MaxPatternCost { get; init; } = 32 * 1024;

    /// <summary>Longest text, in UTF-16 units.</summary>
    public int MaxLength { get; init; } = 256 * 1024;
}
