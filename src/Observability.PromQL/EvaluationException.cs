using System.Diagnostics.CodeAnalysis;

namespace Observability.PromQL;

/// <summary>A query that is well formed but has no answer on the data it met, or with the values of its parameters.</summary>
/// <param name="message">As Prometheus says it.</param>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Without a message it would say nothing.")]
public sealed class EvaluationException(string message) : Exception(message);
