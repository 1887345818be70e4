namespace Observability.PromQL;

/// <summary>How queries are evaluated, and what one may cost.</summary>
public sealed class EngineOptions
{
    /// <summary>How old the newest sample of a series may be at a step. Default 5 min.</summary>
    public TimeSpan LookbackDelta { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most samples that a query may hold at once. Default 50 million.</summary>
    public long MaxSamples { get; set; } = 50_000_000;

    /// <summary>Most samples that a query may read from its source, however few it holds at once. Default 2 billion.</summary>
    public long MaxSamplesRead { get; set; } = 2_000_000_000;

    /// <summary>Most bytes of samples and intermediate values that a query may hold at once. Default 1 GiB.</summary>
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>Most steps of a range query. Default 11,000.</summary>
    public int MaxSteps { get; set; } = 11_000;

    /// <summary>Most steps of a subquery, over all steps of the query around it. Default 1 million.</summary>
    public int MaxSubquerySteps { get; set; } = 1_000_000;

    /// <summary>Most series that a query may select or make. Default 1 million.</summary>
    public int MaxSeries { get; set; } = 1_000_000;

    /// <summary>Longest evaluation. Default 2 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Deepest tree, in nodes. Default 500.</summary>
    public int MaxDepth { get; set; } = 500;

    /// <summary>Step of a subquery that names none. Default 1 min.</summary>
    public TimeSpan DefaultSubqueryStep { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Removes metric names at the end of the query rather than at each function, so that a later operand still sees them.</summary>
    public bool DelayedNameRemoval { get; set; }

    /// <summary>Counters restart where their start timestamps say so.</summary>
    public bool UseStartTimestamps { get; set; }

    /// <summary>Most threads of one query. Default: the number of processors, at most 4. The result is the same with any number.</summary>
    public int Parallelism { get; set; } = Math.Min(Environment.ProcessorCount, 4);
}
