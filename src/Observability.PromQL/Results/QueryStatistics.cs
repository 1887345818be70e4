namespace Observability.PromQL.Results;

/// <summary>What a query cost.</summary>
public sealed record QueryStatistics
{
    /// <summary>Samples that entered the evaluation, counted at every step that used them; a histogram counts by its size.</summary>
    public long TotalQueryableSamples { get; init; }

    /// <summary>Samples read from the source, each once per selector.</summary>
    public long SamplesRead { get; init; }

    /// <summary>Most samples held at once.</summary>
    public long PeakSamples { get; init; }

    /// <summary>Most bytes of samples and results held at once, as the engine counts them.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Series selected.</summary>
    public long Series { get; init; }

    /// <summary>Resolving, selecting, planning.</summary>
    public TimeSpan Preparation { get; init; }

    /// <summary>Reading samples and computing.</summary>
    public TimeSpan Evaluation { get; init; }

    public TimeSpan ResultSort { get; init; }

    public TimeSpan Total => Preparation + Evaluation + ResultSort;
}
