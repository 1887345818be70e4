namespace Observability.Aggregator.Surfaces;

/// <summary>Times as parameters have them.</summary>
internal static class TimeText
{
    /// <summary>Cuts a fraction to the seven digits that .NET reads.</summary>
    public static string WithoutNanoseconds(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0 || text.Length > 64)
            return text;
        int end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - point - 1 > 7 ? text.Remove(point + 8, end - point - 8) : text;
    }
}
