namespace Observability.Conformance.Language;

/// <summary>One command of a script.</summary>
/// <param name="Line">Where it begins, from 1.</param>
internal abstract record Command(int Line);

/// <summary>Empties the storage.</summary>
internal sealed record ClearCommand(int Line) : Command(Line);

/// <summary>Adds series: sample i stands at i steps.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="StepMs">Between two samples.</param>
/// <param name="Series">What to add.</param>
/// <param name="WithCustomBuckets">Classic histograms are added as native ones with custom buckets too.</param>
internal sealed record LoadCommand(int Line, long StepMs, IReadOnlyList<SeriesDescription> Series, bool WithCustomBuckets) : Command(Line);

/// <summary>A block that is not written as the test language wants: a case that cannot pass. The rest of its file is run all the same.</summary>
internal sealed record BrokenCommand(int Line, string Text, string Fault) : Command(Line);

/// <summary>A query and what it must give: one case.</summary>
internal sealed record EvalCommand(int Line, string Query, long StartMs, long EndMs, long StepMs) : Command(Line)
{
    public bool IsInstant => StepMs == 0;

    public required IReadOnlyList<Expectation> Expectations { get; init; }

    public required IReadOnlyList<SeriesDescription> Series { get; init; }

    /// <summary>The number that a scalar must have; null: series are expected.</summary>
    public DescribedValue? Scalar { get; init; }

    public string? Text { get; init; }

    /// <summary>Times of the expected range vector of an instant query.</summary>
    public (long StartMs, long EndMs, long StepMs)? RangeVector { get; init; }

    public bool Has(ExpectationKind kind) => Expectations.Any(expectation => expectation.Kind == kind);
}
