using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>Evaluates queries. Safe for concurrent use; a call runs on the caller's thread and at most as many others as the options allow.</summary>
public sealed class QueryEngine(EngineOptions options, TimeProvider time)
{
    /// <summary>Evaluates at one time.</summary>
    /// <exception cref="EvaluationException">The query has no result on this data.</exception>
    /// <exception cref="QueryLimitException">A limit was reached.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public QueryResult Instant(ISeriesSource source, Expression query, long timeMs, QueryOptions queryOptions, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{options.MaxSteps} {time.TimestampFrequency}");

    /// <summary>Evaluates at <paramref name="startMs"/> and then every <paramref name="stepMs"/> up to <paramref name="endMs"/>, inclusive.</summary>
    /// <inheritdoc cref="Instant"/>
    public QueryResult Range(
        ISeriesSource source, Expression query, long startMs, long endMs, long stepMs, QueryOptions queryOptions, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{options.MaxSteps} {time.TimestampFrequency}");
}
