using System.Globalization;
using System.Text;

namespace Observability.Model.Matching;

/// <summary>Reads RE2's syntax, as Prometheus uses it (Perl's additions, <c>.</c> matches a line's end too), with its error texts.</summary>
/// <param name="pattern">The regular expression.</param>
internal sealed class PatternParser(string pattern)
{
    private const int MaxRepeat = 1000;
    private const int MaxNesting = 500;

    /// <summary>Of all classes together: <c>\pL</c> alone has over a thousand.</summary>
    private const int MaxClassBounds = 64 * 1024;

    private readonly PatternCursor _cursor = new(pattern);
    private int _nesting;
    private int _captures;
    private int _classBounds;
    private bool _anyCase;
    private bool _multiLine;
    private bool _dotMatchesNewline = true;
    private bool _swapsGreed;

    /// <summary>Names of the groups, from 1; empty for those without.</summary>
    public List<string> GroupNames { get; } = [];

    /// <exception cref="ArgumentException">The pattern is not RE2's.</exception>
    public PatternNode Parse()
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (char.IsSurrogatePair(pattern, i))
                i++;
            else if (char.IsSurrogate(pattern[i]))
                throw PatternCursor.Error("invalid UTF-8", pattern);
        }
        PatternNode node = Alternatives();
        return _cursor.At == pattern.Length ? node : throw PatternCursor.Error("unexpected )", pattern);
    }

    private PatternNode Alternatives()
    {
        if (++_nesting > MaxNesting)
            throw PatternCursor.Error("expression nests too deeply", pattern);
        PatternNode first = Sequence();
        if (_cursor.Peek() == '|')
        {
            var choices = new List<PatternNode> { first };
            while (_cursor.Peek() == '|')
            {
                _cursor.At++;
                choices.Add(Sequence());
            }
            first = new AlternateNode(choices);
        }
        _nesting--;
        return first;
    }

    private PatternNode Sequence()
    {
        var parts = new List<PatternNode>();
        int lastRepeat = -1; // where the operator began that ends just here
        while (_cursor.At < pattern.Length && pattern[_cursor.At] is not ('|' or ')'))
        {
            int start = _cursor.At;
            char c = pattern[_cursor.At];
            if (c is '*' or '+' or '?')
            {
                _cursor.At++;
                Repeat(parts, c == '+' ? 1 : 0, c == '?' ? 1 : -1, start, lastRepeat);
                lastRepeat = start;
                continue;
            }
            if (c == '{' && TryCount(out int min, out int max))
            {
                if (min is < 0 or > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max))
                    throw PatternCursor.Error("invalid repeat count", pattern[start.._cursor.At]);
                Repeat(parts, min, max, start, lastRepeat);
                lastRepeat = start;
                continue;
            }
            lastRepeat = -1;
            if (c == '\\' && _cursor.Peek(1) == 'Q')
                Quoted(parts);
            else if (Atom() is { } atom)
                parts.Add(atom);
        }
        return Joined(parts);
    }

    /// <returns>Null where only flags were set.</returns>
    private PatternNode? Atom()
    {
        char c = pattern[_cursor.At];
        switch (c)
        {
            case '(':
                return _cursor.Peek(1) == '?' ? FlagsOrGroup() : Group(new Flags(this), "", captures: true, 1);
            case '[':
                return Class(CharacterClasses.Bracketed(_cursor, _anyCase));
            case '.':
                _cursor.At++;
                return new ClassNode(_dotMatchesNewline ? RuneSet.All : RuneSet.AllButNewline);
            case '^':
                _cursor.At++;
                return new AssertionNode(_multiLine ? Assertion.BeginLine : Assertion.BeginText);
            case '$':
                _cursor.At++;
                return new AssertionNode(_multiLine ? Assertion.EndLine : Assertion.EndText);
            case '\\':
                return Escape();
            default:
                return Literal(_cursor.NextRune());
        }
    }

    private PatternNode Escape()
    {
        Assertion? assertion = _cursor.Peek(1) switch
        {
            'A' => Assertion.BeginText,
            'z' => Assertion.EndText,
            'b' => Assertion.WordBoundary,
            'B' => Assertion.NoWordBoundary,
            _ => null,
        };
        if (assertion is { } kind)
        {
            _cursor.At += 2;
            return new AssertionNode(kind);
        }
        return CharacterClasses.TryNamed(_cursor, _anyCase, out RuneSet set) ? Class(set) : Literal(CharacterClasses.EscapedRune(_cursor));
    }

    private ClassNode Class(RuneSet set)
    {
        _classBounds += set.Bounds.Length;
        return _classBounds <= MaxClassBounds ? new ClassNode(set) : throw PatternCursor.Error("expression too large", pattern);
    }

    private LiteralNode Literal(int rune) => new(Rune.IsValid(rune) ? char.ConvertFromUtf32(rune) : "\uFFFD", _anyCase);

    private void Quoted(List<PatternNode> parts)
    {
        int end = pattern.IndexOf(@"\E", _cursor.At + 2, StringComparison.Ordinal);
        string text = end < 0 ? pattern[(_cursor.At + 2)..] : pattern[(_cursor.At + 2)..end];
        _cursor.At = end < 0 ? pattern.Length : end + 2;
        foreach (Rune rune in text.EnumerateRunes())
            parts.Add(Literal(rune.Value));
    }

    private PatternNode Group(Flags outer, string name, bool captures, int opening)
    {
        _cursor.At += opening;
        int index = 0;
        if (captures)
        {
            index = ++_captures;
            GroupNames.Add(name);
        }
        PatternNode inner = Alternatives();
        if (_cursor.Peek() != ')')
            throw PatternCursor.Error("missing closing )", pattern);
        _cursor.At++;
        outer.Restore(this);
        return captures ? new CaptureNode(inner, index, name) : inner;
    }

    private PatternNode? FlagsOrGroup()
    {
        int start = _cursor.At;
        int nameAt = pattern.AsSpan(_cursor.At).StartsWith("(?P<") ? 4 : _cursor.Peek(2) == '<' ? 3 : 0;
        if (nameAt > 0)
        {
            int end = pattern.IndexOf('>', _cursor.At);
            if (end < 0)
                throw PatternCursor.Error("invalid named capture", pattern[start..]);
            string name = pattern[(start + nameAt)..end];
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw PatternCursor.Error("invalid named capture", pattern[start..(end + 1)]);
            return Group(new Flags(this), name, captures: true, end + 1 - start);
        }

        var outer = new Flags(this);
        bool sets = true, any = false;
        for (_cursor.At += 2; _cursor.At < pattern.Length;)
        {
            char c = pattern[_cursor.At++];
            switch (c)
            {
                case 'i':
                    _anyCase = sets;
                    any = true;
                    continue;
                case 'm':
                    _multiLine = sets;
                    any = true;
                    continue;
                case 's':
                    _dotMatchesNewline = sets;
                    any = true;
                    continue;
                case 'U':
                    _swapsGreed = sets;
                    any = true;
                    continue;
                case '-' when sets:
                    sets = any = false;
                    continue;
                case ':' when sets || any:
                    return Group(outer, "", captures: false, 0);
                case ')' when sets || any:
                    return null;
            }
            break;
        }
        throw PatternCursor.Error("invalid or unsupported Perl syntax", pattern[start.._cursor.At]);
    }

    private void Repeat(List<PatternNode> parts, int min, int max, int start, int lastRepeat)
    {
        bool lazy = _cursor.Peek() == '?';
        if (lazy)
            _cursor.At++;
        if (lastRepeat >= 0)
            throw PatternCursor.Error("invalid nested repetition operator", pattern[lastRepeat.._cursor.At]);
        if (parts.Count == 0)
            throw PatternCursor.Error("missing argument to repetition operator", pattern[start.._cursor.At]);
        parts[^1] = new RepeatNode(parts[^1], min, max, lazy == _swapsGreed);
        if ((min >= 2 || max >= 2) && !IsCountBounded(parts[^1], MaxRepeat))
            throw PatternCursor.Error("invalid repeat count", pattern[start.._cursor.At]);
    }

    /// <summary>Counts inside counts multiply; their product is bounded too.</summary>
    private static bool IsCountBounded(PatternNode node, int most)
    {
        if (node is RepeatNode repeat)
        {
            int count = repeat.Max < 0 ? repeat.Min : repeat.Max;
            if (repeat.Max == 0)
                return true;
            if (count > most)
                return false;
            return IsCountBounded(repeat.Operand, count > 0 ? most / count : most);
        }
        return node switch
        {
            CaptureNode capture => IsCountBounded(capture.Operand, most),
            ConcatNode concat => concat.Parts.All(part => IsCountBounded(part, most)),
            AlternateNode alternate => alternate.Choices.All(choice => IsCountBounded(choice, most)),
            _ => true,
        };
    }

    /// <summary>Reads <c>{2}</c>, <c>{2,}</c>, <c>{2,3}</c>; what is none of them is a literal brace.</summary>
    private bool TryCount(out int min, out int max)
    {
        int start = _cursor.At;
        _cursor.At++;
        max = 0;
        if (TryNumber(out min))
        {
            max = min;
            if (_cursor.Peek() == ',')
            {
                _cursor.At++;
                max = -1;
                if (_cursor.Peek() != '}')
                {
                    if (!TryNumber(out max))
                    {
                        _cursor.At = start;
                        return false;
                    }
                    min = max < 0 ? -1 : min;
                }
            }
            if (_cursor.Peek() == '}')
            {
                _cursor.At++;
                return true;
            }
        }
        _cursor.At = start;
        return false;
    }

    private bool TryNumber(out int number)
    {
        int start = _cursor.At;
        while (char.IsAsciiDigit(_cursor.Peek()))
            _cursor.At++;
        ReadOnlySpan<char> digits = pattern.AsSpan(start, _cursor.At - start);
        number = -1;
        if (digits.IsEmpty || (digits.Length > 1 && digits[0] == '0'))
            return false;
        if (digits.Length < 9)
            number = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return true;
    }

    private static PatternNode Joined(List<PatternNode> parts)
    {
        var joined = new List<PatternNode>(parts.Count);
        var text = new StringBuilder();
        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not LiteralNode literal)
            {
                joined.Add(parts[i]);
                continue;
            }
            int end = i + 1;
            while (end < parts.Count && parts[end] is LiteralNode next && next.AnyCase == literal.AnyCase)
                end++;
            if (end > i + 1)
            {
                text.Clear();
                for (int j = i; j < end; j++)
                    text.Append(((LiteralNode)parts[j]).Text);
                literal = literal with { Text = text.ToString() };
            }
            joined.Add(literal);
            i = end - 1;
        }
        return joined.Count switch { 0 => LiteralNode.Empty, 1 => joined[0], _ => new ConcatNode(joined) };
    }

    /// <summary>Flags hold to the end of their group.</summary>
    private readonly struct Flags(PatternParser parser)
    {
        private readonly bool _anyCase = parser._anyCase, _multiLine = parser._multiLine, _dot = parser._dotMatchesNewline, _greed = parser._swapsGreed;

        public void Restore(PatternParser to)
        {
            to._anyCase = _anyCase;
            to._multiLine = _multiLine;
            to._dotMatchesNewline = _dot;
            to._swapsGreed = _greed;
        }
    }
}
