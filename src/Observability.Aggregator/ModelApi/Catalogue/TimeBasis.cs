namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>The times that a metric has points at.</summary>
internal enum TimeBasis
{
    /// <summary>Those of the samples: the object has a series of its own, or several that were sampled together.</summary>
    Samples,

    /// <summary>A fixed grid from the epoch on: series that were sampled apart are summed.</summary>
    Grid,
}
