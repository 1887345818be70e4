using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation;

/// <summary>What all parts of one query share.</summary>
internal sealed class QueryContext
{
    private readonly List<Action> _reports = [];

    public required ISeriesSource Source { get; init; }

    public required EngineOptions Options { get; init; }

    public required QueryBudget Budget { get; init; }

    public required Annotations Annotations { get; init; }

    public required StepGrid Grid { get; init; }

    /// <summary>The last time asked for, which need not be a step.</summary>
    public required long EndMs { get; init; }

    /// <summary>0 for an instant query.</summary>
    public required long StepMs { get; init; }

    public required long LookbackMs { get; init; }

    /// <summary>Selectors of whose histograms only count and sum are asked for: Prometheus then tells restarts while it reads, which shows in warnings.</summary>
    public required IReadOnlySet<VectorSelector> HistogramStatistics { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    public required WorkerPool Workers { get; init; }

    public bool DelayedNames => Options.DelayedNameRemoval;

    /// <summary>Says at the end, in the order of the query, what threads noted on their way.</summary>
    public void AtEnd(Action report) => _reports.Add(report);

    public void Report()
    {
        foreach (Action report in _reports)
            report();
    }
}
