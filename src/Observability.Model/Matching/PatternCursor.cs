namespace Observability.Model.Matching;

/// <summary>A place in a pattern that is being read.</summary>
/// <param name="pattern">Well-formed UTF-16.</param>
internal sealed class PatternCursor(string pattern)
{
    public string Pattern { get; } = pattern;

    public int At { get; set; }

    /// <summary>False once it is known that no <c>:]</c> follows: it is not searched again.</summary>
    public bool MayEndPosixClass { get; set; } = true;

    /// <summary>A unit ahead; NUL behind the end.</summary>
    public char Peek(int ahead = 0) => At + ahead < Pattern.Length ? Pattern[At + ahead] : '\0';

    public int NextRune()
    {
        int rune = char.ConvertToUtf32(Pattern, At);
        At += rune > char.MaxValue ? 2 : 1;
        return rune;
    }

    /// <summary>In RE2's words.</summary>
    public static ArgumentException Error(string what, string where) => new($"error parsing regexp: {what}: `{where}`");
}
