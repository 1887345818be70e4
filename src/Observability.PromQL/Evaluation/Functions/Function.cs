namespace Observability.PromQL.Evaluation.Functions;

/// <summary>
/// What a function of instant vectors does, in one of three shapes: <see cref="SampleFunction"/>, <see cref="LabelFunction"/>,
/// <see cref="VectorFunction"/>. Stateless and safe for concurrent use; found by name in <c>Functions.FunctionTable</c>. Functions that
/// need more than their arguments are the engine's own: absent, absent_over_time, end, info, max_of, min_of, pi, range, scalar, start,
/// start_timestamp, step, time, timestamp and vector.
/// </summary>
internal abstract class Function
{
    /// <summary>The result keeps the metric's name.</summary>
    public virtual bool KeepsName => false;
}
