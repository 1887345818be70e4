namespace Observability.Model.Matching;

/// <summary>What can be said of all texts that a pattern matches, so that most need no automaton.</summary>
internal static class PatternShape
{
    /// <summary>Most values of a pattern that is matched by looking them up.</summary>
    private const int MaxValues = 4096;
    private const int MaxCased = 256;
    private const int MaxValueCharacters = 256 * 1024;
    private const int MaxWildcards = 64;
    private const int MaxTimes = 16;
    private const int LongestPrefix = 256;

    /// <summary>All texts that match, each once, or null where they are too many.</summary>
    public static List<string>? Values(PatternNode node)
    {
        PatternNode inner = WithoutEnds(node);
        List<string>? values = Count(inner) > MaxValues ? null : Expand(inner);
        return values is null ? null : [.. values.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The text that every match begins with; may be empty.</summary>
    public static string Prefix(PatternNode node) => PrefixOf(WithoutEnds(node)).Text;

    /// <summary>The pattern as a choice of texts with gaps (<c>a.*b|c.+</c>), or null where it is none.</summary>
    public static List<Wildcard>? Wildcards(PatternNode node)
    {
        IReadOnlyList<PatternNode> choices = Unwrap(node) is AlternateNode alternate ? alternate.Choices : [node];
        var wildcards = new List<Wildcard>();
        foreach (PatternNode choice in choices)
        {
            if (WildcardsOf(Unwrap(WithoutEnds(choice))) is not { } some || wildcards.Count + some.Count > MaxWildcards)
                return null;
            wildcards.AddRange(some);
        }
        return wildcards;
    }

    private static List<Wildcard>? WildcardsOf(PatternNode node)
    {
        IReadOnlyList<PatternNode> parts = node is ConcatNode concat ? concat.Parts : [node];
        var wildcards = new List<Wildcard> { new() };
        foreach (PatternNode part in parts)
        {
            PatternNode inner = Unwrap(part);
            if (inner is RepeatNode { Operand: ClassNode { Set.IsAll: true }, Min: 0 or 1, Max: -1 } gap)
            {
                foreach (Wildcard wildcard in wildcards)
                    wildcard.AddGap(gap.Min);
                continue;
            }
            if (Count(inner) > MaxWildcards || Expand(inner) is not { } texts || texts.Count * wildcards.Count > MaxWildcards)
                return null;
            if (texts.Count == 1)
                wildcards.ForEach(wildcard => wildcard.AddText(texts[0])); // in place: there may be thousands
            else
                wildcards = [.. wildcards.SelectMany(wildcard => texts.Select(wildcard.WithText))];
        }
        return wildcards;
    }

    /// <summary>How many texts there are to write down, so that no work begins in vain; more than can be told is a million.</summary>
    private static int Count(PatternNode node)
    {
        const int TooMany = 1_000_000;
        long count;
        switch (node)
        {
            case LiteralNode literal:
                count = 1;
                for (int i = 0; literal.AnyCase && i < literal.Text.Length && count <= TooMany; i++)
                    count *= char.IsAsciiLetter(literal.Text[i]) ? 2 : 1;
                break;
            case ClassNode @class:
                count = @class.Set.Count;
                break;
            case CaptureNode capture:
                return Count(capture.Operand);
            case ConcatNode concat:
                count = 1;
                foreach (PatternNode part in concat.Parts)
                    count = Math.Min(count * Count(part), TooMany);
                break;
            case AlternateNode alternate:
                count = 0;
                foreach (PatternNode choice in alternate.Choices)
                    count = Math.Min(count + Count(choice), TooMany);
                break;
            case RepeatNode { Max: >= 0 and <= MaxTimes } repeat:
                count = 1;
                int one = Count(repeat.Operand);
                for (int i = 0; i < repeat.Max; i++)
                    count = Math.Min(count * (one + (i < repeat.Min ? 0 : 1)), TooMany);
                break;
            default:
                return TooMany;
        }
        return (int)Math.Min(count, TooMany);
    }

    private static List<string>? Expand(PatternNode node)
    {
        switch (node)
        {
            case LiteralNode { AnyCase: false } literal:
                return [literal.Text];
            case LiteralNode literal:
                List<string>? cased = [""];
                foreach (System.Text.Rune rune in literal.Text.EnumerateRunes())
                    cased = Cross(cased, RunesOf(CaseFolding.Orbit(rune.Value)), MaxCased);
                return cased;
            case ClassNode @class:
                return @class.Set.Count <= 256 ? RunesOf(@class.Set) : null;
            case CaptureNode capture:
                return Expand(capture.Operand);
            case ConcatNode concat:
                List<string>? texts = [""];
                foreach (PatternNode part in concat.Parts)
                    texts = Cross(texts, Expand(part), MaxValues);
                return texts;
            case AlternateNode alternate:
                var union = new List<string>();
                int characters = 0;
                foreach (PatternNode choice in alternate.Choices)
                {
                    if (Expand(choice) is not { } some || union.Count + some.Count > MaxValues || (characters += some.Sum(text => text.Length)) > MaxValueCharacters)
                        return null;
                    union.AddRange(some);
                }
                return union;
            case RepeatNode { Max: >= 0 and <= MaxTimes } repeat:
                List<string>? operand = Expand(repeat.Operand), all = [""];
                for (int i = 0; i < repeat.Max; i++)
                    all = Cross(all, i < repeat.Min || operand is null ? operand : [.. operand, ""], MaxValues);
                return all;
            default:
                return null;
        }
    }

    private static List<string>? Cross(List<string>? heads, List<string>? tails, int most)
    {
        if (heads is null || tails is null || heads.Count * tails.Count > most
            || (long)heads.Sum(head => head.Length) * tails.Count + (long)tails.Sum(tail => tail.Length) * heads.Count > MaxValueCharacters)
            return null;
        if (tails.Count == 1 && heads.Count == 1)
            return [heads[0] + tails[0]];
        var texts = new List<string>(heads.Count * tails.Count);
        foreach (string head in heads)
        {
            foreach (string tail in tails)
                texts.Add(head + tail);
        }
        return texts;
    }

    private static List<string> RunesOf(RuneSet set)
    {
        var runes = new List<string>();
        for (int i = 0; i < set.Bounds.Length; i += 2)
        {
            for (int rune = set.Bounds[i]; rune <= set.Bounds[i + 1]; rune++)
            {
                if (rune is < 0xD800 or > 0xDFFF)
                    runes.Add(char.ConvertFromUtf32(rune));
            }
        }
        return runes;
    }

    /// <returns>The prefix, and whether it is all.</returns>
    private static (string Text, bool IsAll) PrefixOf(PatternNode node)
    {
        switch (node)
        {
            case LiteralNode literal:
                return literal.AnyCase ? ("", false) : (literal.Text, true);
            case CaptureNode capture:
                return PrefixOf(capture.Operand);
            case ConcatNode concat:
                string prefix = "";
                foreach (PatternNode part in concat.Parts)
                {
                    (string text, bool isAll) = PrefixOf(part);
                    prefix += text;
                    if (!isAll || prefix.Length >= LongestPrefix)
                        return (prefix, false);
                }
                return (prefix, true);
            case AlternateNode alternate:
                string? common = null;
                foreach (PatternNode choice in alternate.Choices)
                {
                    string text = PrefixOf(choice).Text;
                    common = common is null ? text : Common(common, text);
                }
                return (common!, false); // an alternation has choices
            case RepeatNode { Min: > 0 } repeat:
                return (PrefixOf(repeat.Operand).Text, false);
            case ClassNode { Set.Count: 1 } @class:
                return (char.ConvertFromUtf32(@class.Set.Bounds[0]), true);
            default:
                return ("", false);
        }
    }

    private static string Common(string a, string b)
    {
        int length = a.AsSpan().CommonPrefixLength(b);
        if (length > 0 && char.IsHighSurrogate(a[length - 1]))
            length--;
        return a[..length];
    }

    /// <summary>The pattern without <c>^</c> and <c>$</c> at its ends, where they say nothing new.</summary>
    private static PatternNode WithoutEnds(PatternNode node)
    {
        if (node is not ConcatNode concat)
            return node is AssertionNode { Kind: Assertion.BeginText or Assertion.EndText } ? LiteralNode.Empty : node;
        int start = 0, end = concat.Parts.Count;
        while (start < end && concat.Parts[start] is AssertionNode { Kind: Assertion.BeginText })
            start++;
        while (end > start && concat.Parts[end - 1] is AssertionNode { Kind: Assertion.EndText })
            end--;
        return end - start == concat.Parts.Count ? concat : new ConcatNode([.. concat.Parts.Skip(start).Take(end - start)]);
    }

    private static PatternNode Unwrap(PatternNode node)
    {
        while (node is CaptureNode capture)
            node = capture.Operand;
        return node;
    }
}
