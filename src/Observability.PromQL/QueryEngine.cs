using System.Globalization;
using Observability.Model;
using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Planning;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>Evaluates queries. Safe for concurrent use; a call runs on the caller's thread and at most as many others as the options allow.</summary>
public sealed class QueryEngine(EngineOptions options, TimeProvider time)
{
    /// <summary>Evaluates at one time.</summary>
    /// <exception cref="EvaluationException">The query has no result on this data.</exception>
    /// <exception cref="PromQlException">A duration that had to be computed is zero, negative or out of range.</exception>
    /// <exception cref="QueryLimitException">A limit was reached.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public QueryResult Instant(ISeriesSource source, Expression query, long timeMs, QueryOptions queryOptions, CancellationToken cancellationToken) =>
        Run(source, query, StepGrid.Instant(timeMs), timeMs, 0, queryOptions, cancellationToken);

    /// <summary>Evaluates at <paramref name="startMs"/> and then every <paramref name="stepMs"/> up to <paramref name="endMs"/>, inclusive.</summary>
    /// <inheritdoc cref="Instant"/>
    public QueryResult Range(
        ISeriesSource source, Expression query, long startMs, long endMs, long stepMs, QueryOptions queryOptions, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepMs);
        ArgumentOutOfRangeException.ThrowIfLessThan(endMs, startMs);
        UInt128 steps = (UInt128)((Int128)endMs - startMs) / (UInt128)stepMs + 1;
        if (steps > (UInt128)options.MaxSteps)
        {
            throw new QueryLimitException(QueryLimit.Steps,
                $"exceeded maximum resolution of {options.MaxSteps.ToString("N0", CultureInfo.InvariantCulture)} points per timeseries. Try decreasing the query resolution (?step=XX)");
        }
        ArgumentNullException.ThrowIfNull(query);
        if (query.Type is not (ExpressionType.Scalar or ExpressionType.Vector))
            throw new EvaluationException($"invalid expression type \"{query.Type.DocumentedName()}\" for range query, must be Scalar or instant Vector");
        return Run(source, query, new StepGrid(startMs, stepMs, (int)steps), endMs, stepMs, queryOptions, cancellationToken);
    }

    private QueryResult Run(
        ISeriesSource source, Expression query, StepGrid grid, long endMs, long stepMs, QueryOptions queryOptions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(queryOptions);
        TreeDepth.Check(query, options.MaxDepth);
        TimeSpan timeout = queryOptions.Timeout is { } shorter && shorter < options.Timeout ? shorter : options.Timeout;
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return Evaluate(source, query, grid, endMs, stepMs, queryOptions, either.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new QueryLimitException(QueryLimit.Time, $"query timed out in expression evaluation: the limit is {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
    }

    private QueryResult Evaluate(
        ISeriesSource source, Expression query, StepGrid grid, long endMs, long stepMs, QueryOptions queryOptions, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        Expression planned = QueryPlanner.Plan(query, grid.StartMs, endMs, stepMs);
        long maxSamples = Math.Min(queryOptions.MaxSamples ?? long.MaxValue, options.MaxSamples);
        var context = new QueryContext
        {
            Source = source,
            Options = options,
            Budget = new QueryBudget(options, maxSamples),
            Annotations = new Annotations(),
            Grid = grid,
            EndMs = endMs,
            StepMs = stepMs,
            LookbackMs = (long)(queryOptions.LookbackDelta ?? options.LookbackDelta).TotalMilliseconds,
            HistogramStatistics = HistogramStatistics.Find(planned),
            CancellationToken = cancellationToken,
            Workers = new WorkerPool(Math.Max(1, options.Parallelism), cancellationToken),
        };
        var evaluator = new Evaluator(context);
        long prepared = time.GetTimestamp();
        bool isRange = stepMs > 0;
        ExpressionType type = isRange ? ExpressionType.Matrix : query.Type;
        List<ResultSeries> series = [];
        double scalar = 0;
        string text = "";
        switch (query.Type)
        {
            case ExpressionType.String:
                text = ((StringLiteral)Arguments.Unwrap(planned)).Value;
                break;
            case ExpressionType.Matrix:
                series = ResultBuilder.Build(context, evaluator.Range(planned, grid, default));
                break;
            case ExpressionType.Scalar when isRange:
                series = [OfScalar(evaluator.Scalar(planned, grid), grid)];
                break;
            case ExpressionType.Scalar:
                scalar = evaluator.Scalar(planned, grid)[0];
                break;
            default:
                series = ResultBuilder.Build(context, evaluator.Vector(planned, grid));
                break;
        }
        context.Report();
        long evaluated = time.GetTimestamp();
        if (isRange || !ResultOrder.Matters(query))
            series.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        return new QueryResult
        {
            Type = type,
            Series = series,
            Scalar = new Sample(grid.StartMs, scalar),
            Text = text,
            TimestampMs = grid.StartMs,
            Annotations = context.Annotations,
            Statistics = new QueryStatistics
            {
                TotalQueryableSamples = context.Budget.QueryableSamples,
                SamplesRead = context.Budget.SamplesRead,
                PeakSamples = context.Budget.PeakSamples,
                PeakBytes = context.Budget.PeakBytes,
                Series = context.Budget.Series,
                Preparation = time.GetElapsedTime(started, prepared),
                Evaluation = time.GetElapsedTime(prepared, evaluated),
                ResultSort = time.GetElapsedTime(evaluated),
            },
        };
    }

    private static ResultSeries OfScalar(double[] values, StepGrid grid)
    {
        var times = new long[values.Length];
        for (int step = 0; step < times.Length; step++)
            times[step] = grid.At(step);
        return new ResultSeries { Labels = LabelSet.Empty, TimestampsMs = times, Values = values };
    }
}
