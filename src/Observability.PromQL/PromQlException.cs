using System.Diagnostics.CodeAnalysis;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>A text that is not PromQL, or whose types do not fit.</summary>
/// <param name="message">As Prometheus says it, with its place: <c>1:5: parse error: unexpected end of input</c>.</param>
/// <param name="detail">The message without place and prefix.</param>
/// <param name="position">Where in the text.</param>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Without a position it would say nothing.")]
public sealed class PromQlException(string message, string detail, PositionRange position) : Exception(message)
{
    public string Detail { get; } = detail;

    public PositionRange Position { get; } = position;
}
