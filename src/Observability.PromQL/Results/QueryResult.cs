using Observability.Model;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Results;

/// <summary>What a query gave.</summary>
public sealed class QueryResult
{
    /// <summary>Scalar, string, vector or matrix; of a range query always matrix.</summary>
    public required ExpressionType Type { get; init; }

    /// <summary>
    /// Of a vector or matrix; no label set stands twice. A matrix is sorted by labels; a vector is in the order of <c>sort</c>,
    /// <c>topk</c> and the like, or of labels where the query asks for none.
    /// </summary>
    public IReadOnlyList<ResultSeries> Series { get; init; } = [];

    /// <summary>Of a scalar.</summary>
    public Sample Scalar { get; init; }

    /// <summary>Of a string; lone surrogates U+DC80 and up stand for bytes that are not UTF-8.</summary>
    public string Text { get; init; } = "";

    /// <summary>The time of a vector, scalar or string.</summary>
    public long TimestampMs { get; init; }

    public required Annotations Annotations { get; init; }

    public required QueryStatistics Statistics { get; init; }
}
