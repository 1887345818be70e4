using Observability.Model;
using Observability.PromQL.Sources;

namespace Observability.PromQL.Evaluation.Ranges;

/// <summary>A range vector over all steps of a grid: the samples of each series, once, and where the window of each step lies in them.</summary>
internal abstract class RangeVector(StepGrid grid, long rangeMs, long offsetMs, long? fixedMs)
{
    public StepGrid Grid { get; } = grid;

    public long RangeMs { get; } = rangeMs;

    public abstract int Count { get; }

    public virtual bool Anchored => false;

    public virtual bool Smoothed => false;

    public virtual bool HasUniqueNamelessLabels => Count <= 1;

    /// <summary>All windows are the same one.</summary>
    public bool IsFixed => fixedMs is not null;

    /// <summary>Added to a window's start, where samples before it are needed too.</summary>
    public long ReachBeforeMs { get; protected init; }

    /// <summary>Added to a window's end, where samples behind it are needed too.</summary>
    public long ReachBehindMs { get; protected init; }

    public abstract LabelSet LabelsOf(int series);

    /// <summary>The name of the series was dropped before.</summary>
    public abstract bool DropsName(int series);

    /// <summary>Where the window of a step ends (included).</summary>
    public long WindowEnd(int step) => (fixedMs ?? Grid.At(step)) - offsetMs;

    /// <summary>Reads what all windows of one series need, without stale markers. Safe for concurrent use with a worker each.</summary>
    /// <param name="series">Which.</param>
    /// <param name="into">Empty.</param>
    /// <param name="worker">The caller's buffers.</param>
    public abstract void Load(int series, SeriesSamples into, Worker worker);

    /// <summary>Counts what was used.</summary>
    public abstract void Touch(SeriesSamples samples, long queryable);
}
