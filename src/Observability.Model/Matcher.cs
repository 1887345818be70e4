using System.Text.RegularExpressions;

namespace Observability.Model;

/// <summary>How a matcher compares a label's value.</summary>
public enum MatchOperator
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>=~</c>, anchored at both ends.</summary>
    Regex,

    /// <summary><c>!~</c>, anchored at both ends.</summary>
    NotRegex,
}

/// <summary>A condition on one label. A label that a series does not have counts as empty, as in Prometheus.</summary>
public sealed class Matcher
{
    /// <summary>Longest regular expression taken, in characters.</summary>
    public const int MaxPatternLength = 4096;

    private readonly Regex? _regex;

    /// <exception cref="ArgumentException">The pattern is too long, is no regular expression, or needs backtracking.</exception>
    public Matcher(string name, MatchOperator @operator, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        Operator = @operator;
        Value = value;
        if (@operator is MatchOperator.Regex or MatchOperator.NotRegex)
            _regex = Compile(value);
    }

    public string Name { get; }

    public MatchOperator Operator { get; }

    public string Value { get; }

    public static Matcher Equal(string name, string value) => new(name, MatchOperator.Equal, value);

    public bool Matches(string? value)
    {
        value ??= "";
        return Operator switch
        {
            MatchOperator.Equal => string.Equals(value, Value, StringComparison.Ordinal),
            MatchOperator.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
            MatchOperator.Regex => _regex!.IsMatch(value),  // made by the constructor for these two
            _ => !_regex!.IsMatch(value),
        };
    }

    public override string ToString() =>
        Name + Operator switch { MatchOperator.Equal => "=", MatchOperator.NotEqual => "!=", MatchOperator.Regex => "=~", _ => "!~" } + $"\"{Value}\"";

    private static Regex Compile(string pattern)
    {
        if (pattern.Length > MaxPatternLength)
            throw new ArgumentException($"The regular expression is longer than {MaxPatternLength} characters.", nameof(pattern));
        try
        {
            // By itself first: a stray parenthesis must not close the group below.
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            // Linear time whatever a tenant sends; \A and \z because $ also matches before a last newline.
            return new Regex($@"\A(?s:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException exception)
        {
            throw new ArgumentException($"The regular expression {pattern} needs backtracking: {exception.Message}", nameof(pattern), exception);
        }
    }
}
