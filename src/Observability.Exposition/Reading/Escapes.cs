namespace Observability.Exposition;

/// <summary>Backslash escapes: <c>\\</c>, <c>\n</c> and, but for the text format's help, <c>\"</c>. An unknown one stands for itself, as in Prometheus.</summary>
internal static class Escapes
{
    /// <summary>Unescapes; the result is never longer than the text.</summary>
    /// <returns>Bytes written.</returns>
    internal static int Unescape(ReadOnlySpan<byte> text, Span<byte> destination, bool quotes = true)
    {
        int written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                byte next = text[i + 1];
                if (next == '\\' || (next == '"' && quotes)) { c = next; i++; }
                else if (next == 'n') { c = (byte)'\n'; i++; }
            }
            destination[written++] = c;
        }
        return written;
    }

    /// <summary>The length that <see cref="Unescape"/> would return.</summary>
    internal static int UnescapedLength(ReadOnlySpan<byte> text)
    {
        int length = 0;
        for (int i = 0; i < text.Length; i++, length++)
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is (byte)'\\' or (byte)'"' or (byte)'n') i++;
        return length;
    }
}
