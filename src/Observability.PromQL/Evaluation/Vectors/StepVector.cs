using Observability.Model;

namespace Observability.PromQL.Evaluation.Vectors;

/// <summary>
/// An instant vector over all steps of a grid. Its series are known from the start; their values are computed when they are read, so that
/// what is above can take one series at a time and nothing has to be held.
/// </summary>
internal abstract class StepVector(StepGrid grid)
{
    public StepGrid Grid { get; } = grid;

    /// <summary>Series. Some may have no value at any step.</summary>
    public abstract int Count { get; }

    /// <summary>No two series have the same labels even without their names.</summary>
    public virtual bool HasUniqueNamelessLabels => Count <= 1;

    /// <summary>With the name, even where <see cref="DropsName"/>.</summary>
    public abstract LabelSet LabelsOf(int series);

    /// <summary>The name (with type and unit) does not belong to the result.</summary>
    public abstract bool DropsName(int series);

    /// <summary>Computes one series. Safe for concurrent use with a worker each.</summary>
    /// <param name="series">Which.</param>
    /// <param name="row">Of the grid's length; whatever it held is gone.</param>
    /// <param name="worker">The caller's buffers.</param>
    public abstract void Read(int series, StepRow row, Worker worker);
}
