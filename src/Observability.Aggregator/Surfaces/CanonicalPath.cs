namespace Observability.Aggregator.Surfaces;

/// <summary>
/// Lets only one spelling of a path pass. Whatever stands before the aggregator (a gateway, a data-source proxy) may decode or clean a
/// path in its own way; where two spellings mean one route, a rule there can be walked around.
/// </summary>
internal static class CanonicalPath
{
    /// <summary>
    /// Refuses an absolute-form target, an empty, <c>.</c> or <c>..</c> segment, a backslash, and percent-encodings that are broken, of an unreserved
    /// character, of a slash or backslash, of a control character, or not UTF-8. One trailing slash is fine.
    /// </summary>
    /// <param name="target">The request target as sent, with its query.</param>
    public static bool Is(string target)
    {
        int end = target.AsSpan().IndexOfAny('?', '#');
        ReadOnlySpan<char> path = end < 0 ? target : target.AsSpan(0, end);
        if (path is not ['/', ..])
            return false;
        foreach (Range range in path[1..].Split('/'))
        {
            ReadOnlySpan<char> segment = path[1..][range];
            bool last = range.End.Value == path.Length - 1;
            if (segment.IsEmpty ? !last : segment is "." or ".." || !IsSegment(segment))
                return false;
        }
        return true;
    }

    private static bool IsSegment(ReadOnlySpan<char> segment)
    {
        if (!segment.Contains('%'))
            return IsPlain(segment);
        Span<byte> bytes = segment.Length <= 1024 ? stackalloc byte[segment.Length] : new byte[segment.Length];
        int count = 0;
        for (int i = 0; i < segment.Length; i++)
        {
            char c = segment[i];
            if (c != '%')
            {
                if (!IsPlain(segment.Slice(i, 1)))
                    return false;
                bytes[count++] = (byte)c;
                continue;
            }
            if (i + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[i + 1]) || !char.IsAsciiHexDigit(segment[i + 2]))
                return false;
            byte value = Convert.FromHexString(segment.Slice(i + 1, 2))[0];
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' or (byte)'/' or (byte)'\\' or < 0x20 or 0x7f)
                return false;
            bytes[count++] = value;
            i += 2;
        }
        return System.Text.Unicode.Utf8.IsValid(bytes[..count]);
    }

    private static bool IsPlain(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (c is <= ' ' or '\\' or >= '\x7f')
                return false;
        }
        return true;
    }
}
