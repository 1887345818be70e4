using System.Globalization;
using System.Text;

namespace Observability.Model.Matching;

/// <summary>Reads what stands for one character: classes by name or in brackets, and escapes.</summary>
internal static class CharacterClasses
{
    /// <summary><c>[^a-z]</c>, from its first bracket.</summary>
    public static RuneSet Bracketed(PatternCursor cursor, bool anyCase)
    {
        int start = cursor.At;
        cursor.At++;
        bool negates = cursor.Peek() == '^';
        if (negates)
            cursor.At++;
        var builder = new RuneSet.Builder();
        for (bool first = true; cursor.Peek() != ']' || first; first = false)
        {
            if (cursor.Peek() == '[' && cursor.Peek(1) == ':' && TryPosix(cursor, anyCase, out RuneSet posix))
                builder.Add(posix);
            else if (cursor.Peek() == '\\' && TryNamed(cursor, anyCase, out RuneSet named))
                builder.Add(named);
            else
            {
                int rangeStart = cursor.At;
                int low = ClassRune(cursor, start), high = low;
                if (cursor.Peek() == '-' && cursor.At + 1 < cursor.Pattern.Length && cursor.Peek(1) != ']')
                {
                    cursor.At++;
                    high = ClassRune(cursor, start);
                    if (high < low)
                        throw PatternCursor.Error("invalid character class range", cursor.Pattern[rangeStart..cursor.At]);
                }
                builder.Add(low, high);
            }
        }
        cursor.At++;
        RuneSet set = anyCase ? builder.BuildFolded() : builder.Build();
        return negates ? set.Negate() : set;
    }

    private static int ClassRune(PatternCursor cursor, int classStart)
    {
        if (cursor.At >= cursor.Pattern.Length)
            throw PatternCursor.Error("missing closing ]", cursor.Pattern[classStart..]);
        return cursor.Pattern[cursor.At] == '\\' ? EscapedRune(cursor) : cursor.NextRune();
    }

    private static bool TryPosix(PatternCursor cursor, bool anyCase, out RuneSet set)
    {
        set = RuneSet.All;
        int end = cursor.MayEndPosixClass ? cursor.Pattern.IndexOf(":]", cursor.At + 2, StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            cursor.MayEndPosixClass = false;
            return false;
        }
        string name = cursor.Pattern[(cursor.At + 2)..end];
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
            throw PatternCursor.Error("invalid character class range", cursor.Pattern[cursor.At..(end + 2)]);
        cursor.At = end + 2;
        set = FromRanges(ranges, negates, anyCase);
        return true;
    }

    /// <summary><c>\d</c> and its like, <c>\pL</c> and its like.</summary>
    public static bool TryNamed(PatternCursor cursor, bool anyCase, out RuneSet set)
    {
        char letter = cursor.Peek(1);
        string? ranges = letter switch { 'd' or 'D' => "09", 's' or 'S' => "\t\n\f\r  ", 'w' or 'W' => "09AZaz__", _ => null };
        set = RuneSet.All;
        if (ranges is not null)
        {
            cursor.At += 2;
            set = FromRanges(ranges, char.IsAsciiLetterUpper(letter), anyCase);
            return true;
        }
        if (letter is not ('p' or 'P'))
            return false;

        int start = cursor.At, end;
        string name;
        cursor.At += 2;
        if (cursor.At >= cursor.Pattern.Length)
            throw PatternCursor.Error("invalid character class range", cursor.Pattern[start..]);
        if (cursor.Pattern[cursor.At] == '{')
        {
            end = cursor.Pattern.IndexOf('}', cursor.At);
            if (end < 0)
                throw PatternCursor.Error("invalid character class range", cursor.Pattern[start..]);
            name = cursor.Pattern[(cursor.At + 1)..end++];
        }
        else
        {
            cursor.NextRune();
            end = cursor.At;
            name = cursor.Pattern[(start + 2)..end];
        }
        bool negates = letter == 'P' ^ name.StartsWith('^');
        if (UnicodeClasses.Find(name.StartsWith('^') ? name[1..] : name, anyCase) is not { } found)
            throw PatternCursor.Error("invalid character class range", cursor.Pattern[start..end]);
        cursor.At = end;
        set = negates ? found.Negate() : found;
        return true;
    }

    private static RuneSet FromRanges(string ranges, bool negates, bool anyCase)
    {
        var builder = new RuneSet.Builder();
        for (int i = 0; i < ranges.Length; i += 2)
            builder.Add(ranges[i], ranges[i + 1]);
        RuneSet set = anyCase ? builder.BuildFolded() : builder.Build();
        return negates ? set.Negate() : set;
    }

    /// <summary>The one character that an escape stands for.</summary>
    public static int EscapedRune(PatternCursor cursor)
    {
        int start = cursor.At++;
        if (cursor.At >= cursor.Pattern.Length)
            throw PatternCursor.Error("trailing backslash at end of expression", "");
        int c = cursor.NextRune();
        switch (c)
        {
            case >= '1' and <= '7' when cursor.Peek() is < '0' or > '7':
                break; // a reference back, which needs backtracking
            case >= '0' and <= '7':
                int octal = c - '0';
                for (int i = 1; i < 3 && cursor.Peek() is >= '0' and <= '7'; i++)
                    octal = octal * 8 + cursor.Pattern[cursor.At++] - '0';
                return octal;
            case 'x' when cursor.Peek() == '{':
                int end = cursor.Pattern.IndexOf('}', cursor.At);
                if (end > cursor.At + 1 && end - cursor.At <= 9 && int.TryParse(cursor.Pattern.AsSpan((cursor.At + 1)..end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int wide)
                    && wide is >= 0 and <= RuneSet.MaxRune)
                {
                    cursor.At = end + 1;
                    return Rune.IsValid(wide) ? wide : 0xFFFD;
                }
                cursor.At++;
                break;
            case 'x' when cursor.At + 2 <= cursor.Pattern.Length && char.IsAsciiHexDigit(cursor.Pattern[cursor.At]) && char.IsAsciiHexDigit(cursor.Pattern[cursor.At + 1]):
                cursor.At += 2;
                return int.Parse(cursor.Pattern.AsSpan(cursor.At - 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
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
        throw PatternCursor.Error("invalid escape sequence", cursor.Pattern[start..cursor.At]);
    }
}
