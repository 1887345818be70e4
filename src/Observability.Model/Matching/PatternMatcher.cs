namespace Observability.Model.Matching;

/// <summary>A compiled pattern in its cheapest form. Safe for concurrent use.</summary>
internal sealed class PatternMatcher
{
    private readonly string[]? _few;
    private readonly HashSet<string>? _many;
    private readonly List<Wildcard>? _wildcards;
    private readonly string? _anyCase;
    private readonly PatternProgram? _program;
    private PatternAutomaton? _automaton; // made at first use: many a query is parsed and never run

    /// <exception cref="ArgumentException">The pattern is not RE2's, or too large.</exception>
    public PatternMatcher(string pattern)
    {
        PatternNode node = new PatternParser(pattern).Parse();
        List<string>? values = PatternShape.Values(node);
        if (values is { Count: <= 256 })
            Values = values;
        Prefix = PatternShape.Prefix(node);
        Cost = values?.Count ?? 0;
        if (values is { Count: <= 8 })
            _few = [.. values];
        else if (values is not null)
            _many = new HashSet<string>(values, StringComparer.Ordinal);
        else if (node is LiteralNode { AnyCase: true } literal)
            _anyCase = literal.Text;
        else if ((_wildcards = PatternShape.Wildcards(node)) is not null)
            Cost = _wildcards.Sum(wildcard => wildcard.Count);
        else
        {
            _program = PatternProgram.Compile(node, captures: false);
            Cost = _program.Instructions.Length;
        }
    }

    /// <summary>All values that match, where they are few.</summary>
    public IReadOnlyList<string>? Values { get; }

    public string Prefix { get; }

    /// <summary>Texts or instructions that it keeps: what a short pattern can make much of.</summary>
    public int Cost { get; }

    public bool IsMatch(string value)
    {
        if (_few is not null)
        {
            foreach (string candidate in _few)
            {
                if (string.Equals(candidate, value, StringComparison.Ordinal))
                    return true;
            }
            return false;
        }
        if (_many is not null)
            return _many.Contains(value);
        if (Prefix.Length > 0 && !value.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        if (_wildcards is not null)
        {
            foreach (Wildcard wildcard in _wildcards)
            {
                if (wildcard.IsMatch(value))
                    return true;
            }
            return false;
        }
        if (_anyCase is not null)
            return EqualsInAnyCase(_anyCase, value);
        PatternAutomaton automaton = _automaton ?? LazyInitializer.EnsureInitialized(ref _automaton, () => new PatternAutomaton(_program!)); // the constructor makes one of all
        return automaton.IsMatch(value);
    }

    private static bool EqualsInAnyCase(string text, string value)
    {
        int i = 0, j = 0;
        while (i < text.Length && j < value.Length)
        {
            int a = PatternRunner.RuneAt(text, i, out int aLength), b = PatternRunner.RuneAt(value, j, out int bLength);
            if (a != b && CaseFolding.Key(a) != CaseFolding.Key(b))
                return false;
            i += aLength;
            j += bLength;
        }
        return i == text.Length && j == value.Length;
    }
}
