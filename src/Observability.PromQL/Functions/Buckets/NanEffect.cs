namespace Observability.PromQL.Functions.Buckets;

/// <summary>What observations of NaN do to a result.</summary>
internal enum NanEffect
{
    None,

    /// <summary>They are left out of all fractions.</summary>
    Excluded,

    /// <summary>They make a quantile higher.</summary>
    Skewed,

    /// <summary>The quantile lies among them, so it is NaN.</summary>
    Hidden,
}
