using Observability.Model.Matching;

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

/// <summary>A condition on one label. A label that a series does not have counts as empty, as in Prometheus. Safe for concurrent use.</summary>
public sealed class Matcher
{
    /// <summary>Longest regular expression taken, in characters: room for a thousand names in a choice.</summary>
    public const int MaxPatternLength = 64 * 1024;

    private readonly PatternMatcher? _pattern;

    /// <exception cref="ArgumentException">The pattern is too long, too large, or no regular expression of RE2. The message is RE2's.</exception>
    public Matcher(string name, MatchOperator @operator, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        Operator = @operator;
        Value = value;
        if (@operator is MatchOperator.Regex or MatchOperator.NotRegex)
        {
            CheckLength(value);
            _pattern = new PatternMatcher(value);
        }
        if (@operator == MatchOperator.Equal)
            (Values, Prefix) = ([value], value.Length > 0 ? value : null);
        if (@operator == MatchOperator.Regex)
            (Values, Prefix) = (_pattern!.Values, _pattern.Prefix.Length > 0 ? _pattern.Prefix : null); // made just now
    }

    public string Name { get; }

    public MatchOperator Operator { get; }

    public string Value { get; }

    /// <summary>All values that match, where they are at most 256; null for more, and for <c>!=</c> and <c>!~</c>. The empty one among them stands for a label that is missing.</summary>
    public IReadOnlyList<string>? Values { get; }

    /// <summary>
    /// What it keeps in memory beside its text, in texts or instructions: a pattern of ten characters can reach 4,096, so that whoever
    /// takes many matchers from one request has to bound the sum.
    /// </summary>
    public int Cost => _pattern?.Cost ?? 0;

    /// <summary>What every value that matches begins with; null where there is no such text.</summary>
    public string? Prefix { get; }

    public static Matcher Equal(string name, string value) => new(name, MatchOperator.Equal, value);

    public bool Matches(string? value)
    {
        value ??= "";
        return Operator switch
        {
            MatchOperator.Equal => string.Equals(value, Value, StringComparison.Ordinal),
            MatchOperator.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
            MatchOperator.Regex => _pattern!.IsMatch(value),  // made by the constructor for these two
            _ => !_pattern!.IsMatch(value),
        };
    }

    public override string ToString() =>
        Name + Operator switch { MatchOperator.Equal => "=", MatchOperator.NotEqual => "!=", MatchOperator.Regex => "=~", _ => "!~" } + $"\"{Value}\"";

    internal static void CheckLength(string pattern)
    {
        if (pattern.Length > MaxPatternLength)
            throw new ArgumentException($"The regular expression is longer than {MaxPatternLength} characters.");
    }
}
