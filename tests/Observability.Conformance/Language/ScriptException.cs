namespace Observability.Conformance.Language;

/// <summary>A script that is not written as the test language wants.</summary>
internal sealed class ScriptException(int line, string message) : Exception($"line {line}: {message}");
