namespace Observability.PromQL.Evaluation.Running;

/// <summary>Where the windows of a grid's steps lie: each excludes its start and includes its end.</summary>
/// <param name="Grid">The steps.</param>
/// <param name="FirstEndMs">Where the first step's window ends.</param>
/// <param name="RangeMs">Length.</param>
/// <param name="CancellationToken">Looked at now and then.</param>
internal readonly record struct RunningWindows(StepGrid Grid, long FirstEndMs, long RangeMs, CancellationToken CancellationToken = default)
{
    public long EndOf(int step) => FirstEndMs + (step * Grid.StepMs);
}
