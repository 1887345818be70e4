using System.Buffers;

namespace Observability.Exposition;

/// <summary>Bare names: ASCII letters, digits, <c>_</c> and, in metric names, <c>:</c>; no digit in front. Others must be quoted.</summary>
internal static class Names
{
    private static readonly SearchValues<byte> LabelNameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"u8);

    private static readonly SearchValues<byte> MetricNameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:0123456789"u8);

    /// <summary>The length of the metric name that the text starts with; 0 where none does.</summary>
    internal static int MetricNameLength(ReadOnlySpan<byte> text) => Length(text, MetricNameBytes);

    /// <summary>The length of the label name that the text starts with; 0 where none does.</summary>
    internal static int LabelNameLength(ReadOnlySpan<byte> text) => Length(text, LabelNameBytes);

    private static int Length(ReadOnlySpan<byte> text, SearchValues<byte> bytes)
    {
        if (text.IsEmpty || char.IsAsciiDigit((char)text[0])) return 0;
        int length = text.IndexOfAnyExcept(bytes);
        return length < 0 ? text.Length : length;
    }
}
