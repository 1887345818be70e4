namespace Observability.PromQL.Functions.Windows;

/// <summary>What a window function has to tell. Flags, so that a million windows that say the same cost nothing.</summary>
[Flags]
internal enum WindowNotes
{
    None = 0,
    MixedFloatsAndHistograms = 1,
    NotACounter = 1 << 1,
    NotAGauge = 1 << 2,
    MixedBucketSchemas = 1 << 3,
    StartTimesOverlap = 1 << 4,
    BoundsReconciledInAddition = 1 << 5,
    BoundsReconciledInSubtraction = 1 << 6,
    BoundsReconciledInAggregation = 1 << 7,
    CounterResetCollision = 1 << 8,
    HistogramsIgnored = 1 << 9,
    InvalidQuantile = 1 << 10,

    /// <summary>A float came out of <c>rate</c> or <c>increase</c>; whether that is worth telling depends on the metric's name.</summary>
    CounterOfFloats = 1 << 11,
}
