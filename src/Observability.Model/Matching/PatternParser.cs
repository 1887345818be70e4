using System.Globalization;
using System.Text;

namespace Observability.Model.Matching;

/// <summary>Reads RE2's syntax, as Prometheus uses it (Perl's additions, <c>.</c> matches a line's end too), with its error texts.</summary>
/// <param name="pattern">The regular expression.</param>
internal sealed class PatternParser(string pattern)
{
    private const int MaxRepeat = 1000;
    private const int MaxNesting = 500;

    private int _at;
    private int _nesting;
    private int _captures;
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
                throw Error("invalid UTF-8", pattern);
        }
        PatternNode node = Alternatives();
        return _at == pattern.Length ? node : throw Error("unexpected )", pattern);
    }

    private PatternNode Alternatives()
    {
        if (++_nesting > MaxNesting)
            throw Error("expression nests too deeply", pattern);
        PatternNode first = Sequence();
        if (Peek() == '|')
        {
            var choices = new List<PatternNode> { first };
            while (Peek() == '|')
            {
                _at++;
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
        while (_at < pattern.Length && pattern[_at] is not ('|' or ')'))
        {
            int start = _at;
            char c = pattern[_at];
            if (c is '*' or '+' or '?')
            {
                _at++;
                Repeat(parts, c == '+' ? 1 : 0, c == '?' ? 1 : -1, start, lastRepeat);
                lastRepeat = start;
                continue;
            }
            if (c == '{' && TryCount(out int min, out int max))
            {
                if (min is < 0 or > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max))
                    throw Error("invalid repeat count", pattern[start.._at]);
                Repeat(parts, min, max, start, lastRepeat);
                lastRepeat = start;
                continue;
            }
            lastRepeat = -1;
            if (c == '\\' && Peek(1) == 'Q')
                Quoted(parts);
            else if (Atom() is { } atom)
                parts.Add(atom);
        }
        return Joined(parts);
    }

    /// <returns>Null where only flags were set.</returns>
    private PatternNode? Atom()
    {
        char c = pattern[_at];
        switch (c)
        {
            case '(':
                return Peek(1) == '?' ? FlagsOrGroup() : Group(new Flags(this), "", captures: true, 1);
            case '[':
                return new ClassNode(CharacterClass());
            case '.':
                _at++;
                return new ClassNode(_dotMatchesNewline ? RuneSet.All : RuneSet.AllButNewline);
            case '^':
                _at++;
                return new AssertionNode(_multiLine ? Assertion.BeginLine : Assertion.BeginText);
            case '$':
                _at++;
                return new AssertionNode(_multiLine ? Assertion.EndLine : Assertion.EndText);
            case '\\':
                return Escape();
            default:
                return Literal(NextRune());
        }
    }

    private PatternNode Escape()
    {
        Assertion? assertion = Peek(1) switch
        {
            'A' => Assertion.BeginText,
            'z' => Assertion.EndText,
            'b' => Assertion.WordBoundary,
            'B' => Assertion.NoWordBoundary,
            _ => null,
        };
        if (assertion is { } kind)
        {
            _at += 2;
            return new AssertionNode(kind);
        }
        return TryNamedClass(out RuneSet set) ? new ClassNode(set) : Literal(EscapedRune());
    }

    private LiteralNode Literal(int rune) => new(Rune.IsValid(rune) ? char.ConvertFromUtf32(rune) : "\uFFFD", _anyCase);

    private void Quoted(List<PatternNode> parts)
    {
        int end = pattern.IndexOf(@"\E", _at + 2, StringComparison.Ordinal);
        string text = end < 0 ? pattern[(_at + 2)..] : pattern[(_at + 2)..end];
        _at = end < 0 ? pattern.Length : end + 2;
        foreach (Rune rune in text.EnumerateRunes())
            parts.Add(Literal(rune.Value));
    }

    private PatternNode Group(Flags outer, string name, bool captures, int opening)
    {
        _at += opening;
        int index = 0;
        if (captures)
        {
            index = ++_captures;
            GroupNames.Add(name);
        }
        PatternNode inner = Alternatives();
        if (Peek() != ')')
            throw Error("missing closing )", pattern);
        _at++;
        outer.Restore(this);
        return captures ? new CaptureNode(inner, index, name) : inner;
    }

    private PatternNode? FlagsOrGroup()
    {
        int start = _at;
        int nameAt = pattern.AsSpan(_at).StartsWith("(?P<") ? 4 : Peek(2) == '<' ? 3 : 0;
        if (nameAt > 0)
        {
            int end = pattern.IndexOf('>', _at);
            if (end < 0)
                throw Error("invalid named capture", pattern[start..]);
            string name = pattern[(start + nameAt)..end];
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw Error("invalid named capture", pattern[start..(end + 1)]);
            return Group(new Flags(this), name, captures: true, end + 1 - start);
        }

        var outer = new Flags(this);
        bool sets = true, any = false;
        for (_at += 2; _at < pattern.Length;)
        {
            char c = pattern[_at++];
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
        throw Error("invalid or unsupported Perl syntax", pattern[start.._at]);
    }

    private void Repeat(List<PatternNode> parts, int min, int max, int start, int lastRepeat)
    {
        bool lazy = Peek() == '?';
        if (lazy)
            _at++;
        if (lastRepeat >= 0)
            throw Error("invalid nested repetition operator", pattern[lastRepeat.._at]);
        if (parts.Count == 0)
            throw Error("missing argument to repetition operator", pattern[start.._at]);
        parts[^1] = new RepeatNode(parts[^1], min, max, lazy == _swapsGreed);
        if ((min >= 2 || max >= 2) && !IsCountBounded(parts[^1], MaxRepeat))
            throw Error("invalid repeat count", pattern[start.._at]);
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
        int start = _at;
        _at++;
        max = 0;
        if (TryNumber(out min))
        {
            max = min;
            if (Peek() == ',')
            {
                _at++;
                max = -1;
                if (Peek() != '}')
                {
                    if (!TryNumber(out max))
                    {
                        _at = start;
                        return false;
                    }
                    min = max < 0 ? -1 : min;
                }
            }
            if (Peek() == '}')
            {
                _at++;
                return true;
            }
        }
        _at = start;
        return false;
    }

    private bool TryNumber(out int number)
    {
        int start = _at;
        while (char.IsAsciiDigit(Peek()))
            _at++;
        ReadOnlySpan<char> digits = pattern.AsSpan(start, _at - start);
        number = -1;
        if (digits.IsEmpty || (digits.Length > 1 && digits[0] == '0'))
            return false;
        if (digits.Length < 9)
            number = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return true;
    }

    private RuneSet CharacterClass()
    {
        int start = _at;
        _at++;
        bool negates = Peek() == '^';
        if (negates)
            _at++;
        var builder = new RuneSet.Builder();
        for (bool first = true; Peek() != ']' || first; first = false)
        {
            if (Peek() == '[' && Peek(1) == ':' && TryPosixClass(out RuneSet posix))
                builder.Add(posix);
            else if (Peek() == '\\' && TryNamedClass(out RuneSet named))
                builder.Add(named);
            else
            {
                int rangeStart = _at;
                int low = ClassRune(start), high = low;
                if (Peek() == '-' && _at + 1 < pattern.Length && Peek(1) != ']')
                {
                    _at++;
                    high = ClassRune(start);
                    if (high < low)
                        throw Error("invalid character class range", pattern[rangeStart.._at]);
                }
                builder.Add(low, high);
            }
        }
        _at++;
        RuneSet set = _anyCase ? builder.BuildFolded() : builder.Build();
        return negates ? set.Negate() : set;
    }

    private int ClassRune(int classStart)
    {
        if (_at >= pattern.Length)
            throw Error("missing closing ]", pattern[classStart..]);
        return pattern[_at] == '\\' ? EscapedRune() : NextRune();
    }

    private bool TryPosixClass(out RuneSet set)
    {
        set = RuneSet.All;
        int end = pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal);
        if (end < 0)
            return false;
        string name = pattern[(_at + 2)..end];
        bool negates = name.StartsWith('^');
        string? ranges = (negates ? name[1..] : name) switch
        {
            "alnum" => "09AZaz",
            "alpha" => "AZaz",
            "ascii" => "\0\x7F",
            "blank" => "\t\t  ",
            "cntrl" => "\0\x1F\x7F\x7F",
            "digit" => "09",
            "graph" => "!~",
            "lower" => "az",
            "print" => " ~",
            "punct" => "!/:@[`{~",
            "space" => "\t\r  ",
            "upper" => "AZ",
            "word" => "09AZaz__",
            "xdigit" => "09AFaf",
            _ => null,
        };
        if (ranges is null)
            throw Error("invalid character class range", pattern[_at..(end + 2)]);
        _at = end + 2;
        set = FromRanges(ranges, negates);
        return true;
    }

    /// <summary><c>\d</c> and its like, <c>\pL</c> and its like.</summary>
    private bool TryNamedClass(out RuneSet set)
    {
        char letter = Peek(1);
        string? ranges = letter switch { 'd' or 'D' => "09", 's' or 'S' => "\t\n\f\r  ", 'w' or 'W' => "09AZaz__", _ => null };
        set = RuneSet.All;
        if (ranges is not null)
        {
            _at += 2;
            set = FromRanges(ranges, char.IsAsciiLetterUpper(letter));
            return true;
        }
        if (letter is not ('p' or 'P'))
            return false;

        int start = _at, end;
        string name;
        _at += 2;
        if (_at >= pattern.Length)
            throw Error("invalid character class range", pattern[start..]);
        if (pattern[_at] == '{')
        {
            end = pattern.IndexOf('}', _at);
            if (end < 0)
                throw Error("invalid character class range", pattern[start..]);
            name = pattern[(_at + 1)..end++];
        }
        else
        {
            NextRune();
            end = _at;
            name = pattern[(start + 2)..end];
        }
        bool negates = letter == 'P' ^ name.StartsWith('^');
        if (UnicodeClasses.Find(name.StartsWith('^') ? name[1..] : name) is not { } found)
            throw Error("invalid character class range", pattern[start..end]);
        _at = end;
        if (_anyCase)
            found = CaseFolding.Close(found);
        set = negates ? found.Negate() : found;
        return true;
    }

    private RuneSet FromRanges(string ranges, bool negates)
    {
        var builder = new RuneSet.Builder();
        for (int i = 0; i < ranges.Length; i += 2)
            builder.Add(ranges[i], ranges[i + 1]);
        RuneSet set = _anyCase ? builder.BuildFolded() : builder.Build();
        return negates ? set.Negate() : set;
    }

    private int EscapedRune()
    {
        int start = _at++;
        if (_at >= pattern.Length)
            throw Error("trailing backslash at end of expression", "");
        int c = NextRune();
        switch (c)
        {
            case >= '1' and <= '7' when Peek() is < '0' or > '7':
                break; // a reference back, which needs backtracking
            case >= '0' and <= '7':
                int octal = c - '0';
                for (int i = 1; i < 3 && Peek() is >= '0' and <= '7'; i++)
                    octal = octal * 8 + pattern[_at++] - '0';
                return octal;
            case 'x' when Peek() == '{':
                int end = pattern.IndexOf('}', _at);
                if (end > _at + 1 && end - _at <= 9 && int.TryParse(pattern.AsSpan((_at + 1)..end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int wide)
                    && wide is >= 0 and <= RuneSet.MaxRune)
                {
                    _at = end + 1;
                    return Rune.IsValid(wide) ? wide : 0xFFFD;
                }
                _at++;
                break;
            case 'x' when _at + 2 <= pattern.Length && char.IsAsciiHexDigit(pattern[_at]) && char.IsAsciiHexDigit(pattern[_at + 1]):
                _at += 2;
                return int.Parse(pattern.AsSpan(_at - 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case < 128 when !char.IsAsciiLetterOrDigit((char)c):
                return c;
        }
        throw Error("invalid escape sequence", pattern[start.._at]);
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

    private int NextRune()
    {
        int rune = char.ConvertToUtf32(pattern, _at);
        _at += rune > char.MaxValue ? 2 : 1;
        return rune;
    }

    private char Peek(int ahead = 0) => _at + ahead < pattern.Length ? pattern[_at + ahead] : '\0';

    private static ArgumentException Error(string what, string where) => new($"error parsing regexp: {what}: `{where}`");

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
