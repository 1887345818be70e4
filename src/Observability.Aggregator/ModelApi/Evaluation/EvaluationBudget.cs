namespace Observability.Aggregator.ModelApi.Evaluation;

/// <summary>What one request may still read and answer. Not shared between requests.</summary>
internal sealed class EvaluationBudget(ModelOptions options)
{
    private long _samples = options.MaxSamples;
    private long _points = options.MaxPoints;

    /// <summary>Stored series that were read.</summary>
    internal int SeriesTouched { get; private set; }

    internal void ReadSeries() => SeriesTouched++;

    /// <exception cref="ModelRequestException">The answer would be computed from too many samples.</exception>
    internal void ReadSamples(int count)
    {
        _samples -= count;
        if (_samples < 0)
            throw new ModelRequestException("start", $"this answer needs more than {options.MaxSamples} stored samples; ask for a shorter time", isLimit: true);
    }

    /// <exception cref="ModelRequestException">The answer would hold too many points.</exception>
    internal void AddPoints(long count)
    {
        _points -= count;
        if (_points < 0)
            throw new ModelRequestException("start", $"this answer has more than {options.MaxPoints} points; ask for a shorter time or fewer pods", isLimit: true);
    }
}
