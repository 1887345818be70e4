using Observability.Model;
using Observability.PromQL;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;
using Observability.Storage;

namespace Observability.Aggregator.PrometheusApi.Evaluation;

/// <summary>Evaluates queries over what a scope opens.</summary>
internal sealed class ScopedQueries(QueryEngine engine, MetricStore store)
{
    /// <summary>Points of a series in a range query, as Prometheus counts them: the steps behind the first.</summary>
    public const int MaxPoints = 11_000;

    /// <exception cref="ApiException">It has no answer, or costs too much.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<QueryResult> InstantAsync(TenantScope scope, Expression query, long timeMs, QueryOptions options, CancellationToken cancellationToken) =>
        EvaluateAsync(scope, source => engine.Instant(source, query, timeMs, options, cancellationToken));

    /// <inheritdoc cref="InstantAsync"/>
    public Task<QueryResult> RangeAsync(
        TenantScope scope, Expression query, long startMs, long endMs, long stepMs, QueryOptions options, CancellationToken cancellationToken)
    {
        if (query.Type is not (ExpressionType.Scalar or ExpressionType.Vector))
        {
            throw ApiException.Invalid("query",
                $"invalid expression type \"{query.Type.DocumentedName()}\" for range query, must be Scalar or instant Vector");
        }
        if (endMs < startMs)
            throw ApiException.Invalid("end", "end timestamp must not be before start time");
        if (stepMs <= 0)
            throw ApiException.Invalid("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        if ((endMs - startMs) / stepMs > MaxPoints)
            throw new ApiException(ApiError.BadData, "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)", "step");
        return EvaluateAsync(scope, source => engine.Range(source, query, startMs, endMs, stepMs, options, cancellationToken));
    }

    private async Task<QueryResult> EvaluateAsync(TenantScope scope, Func<ISeriesSource, QueryResult> evaluate)
    {
        var source = new ScopedSeriesSource(store, scope);
        try
        {
            // A thread of its own: a query computes for up to minutes, and the pool's threads are what all other requests wait for.
            return await Task.Factory.StartNew(() => evaluate(source), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (QueryLimitException exception)
        {
            throw new ApiException(exception.Limit == QueryLimit.Time ? ApiError.Timeout : ApiError.Execution, exception.Message);
        }
        catch (EvaluationException exception)
        {
            throw new ApiException(ApiError.Execution, exception.Message);
        }
    }
}
