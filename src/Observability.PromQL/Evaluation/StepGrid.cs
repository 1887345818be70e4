namespace Observability.PromQL.Evaluation;

/// <summary>The times at which a part of a query is evaluated.</summary>
/// <param name="StartMs">The first step.</param>
/// <param name="StepMs">Between steps; 1 where there is one step only.</param>
/// <param name="Count">Steps, at least one.</param>
internal readonly record struct StepGrid(long StartMs, long StepMs, int Count)
{
    public long EndMs => At(Count - 1);

    public static StepGrid Instant(long timeMs) => new(timeMs, 1, 1);

    public long At(int step) => StartMs + (step * StepMs);
}
