using System.Diagnostics.CodeAnalysis;

namespace Observability.PromQL.Results;

/// <summary>A query reached one of its limits.</summary>
/// <param name="limit">Which one.</param>
/// <param name="message">For the caller; names the limit and its value.</param>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Without a limit it would say nothing.")]
public sealed class QueryLimitException(QueryLimit limit, string message) : Exception(message)
{
    public QueryLimit Limit { get; } = limit;
}
