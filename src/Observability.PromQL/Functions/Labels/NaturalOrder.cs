namespace Observability.PromQL.Functions.Labels;

/// <summary>Texts in the order in which a person would put them: numbers within them by value, so that <c>node9</c> comes before <c>node10</c>.</summary>
internal static class NaturalOrder
{
    public static int Compare(string left, string right)
    {
        int l = 0, r = 0;
        while (l < left.Length && r < right.Length)
        {
            ReadOnlySpan<char> a = Chunk(left, ref l), b = Chunk(right, ref r);
            int order = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]) ? CompareNumbers(a, b) : a.SequenceCompareTo(b);
            if (order != 0)
                return order;
        }
        int rest = (left.Length - l).CompareTo(right.Length - r);
        return rest != 0 ? rest : string.CompareOrdinal(left, right); // 07 and 7
    }

    /// <summary>Digits only, or none.</summary>
    private static ReadOnlySpan<char> Chunk(string text, ref int at)
    {
        int start = at;
        bool digits = char.IsAsciiDigit(text[at]);
        while (at < text.Length && char.IsAsciiDigit(text[at]) == digits)
            at++;
        return text.AsSpan(start, at - start);
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}
