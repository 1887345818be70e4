namespace Observability.PromQL.Results;

/// <summary>What a query may reach too much of.</summary>
public enum QueryLimit
{
    /// <summary>Samples held at once.</summary>
    Samples,

    /// <summary>Samples read.</summary>
    SamplesRead,

    /// <summary>Memory.</summary>
    Bytes,
    Steps,
    Time,

    /// <summary>Levels of the tree.</summary>
    Depth,
    Series,
}
