using System.Text.RegularExpressions;

namespace Observability.Conformance.Language;

internal enum ExpectationKind
{
    Fail,
    Warn,
    Info,
    NoWarn,
    NoInfo,
    Ordered,
}

/// <summary>An <c>expect</c> line.</summary>
/// <param name="Kind">What is expected.</param>
/// <param name="Text">The message; null: any.</param>
/// <param name="IsRegex">The text is a pattern that has to be found in the message.</param>
internal sealed record Expectation(ExpectationKind Kind, string? Text = null, bool IsRegex = false)
{
    public bool Accepts(string message) =>
        Text is null || (IsRegex ? Regex.IsMatch(message, Text, RegexOptions.CultureInvariant) : string.Equals(message, Text, StringComparison.Ordinal));
}
