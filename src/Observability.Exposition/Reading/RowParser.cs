using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Observability.Exposition;

/// <summary>
/// The grammar of one row, strict for OpenMetrics and as lenient as Prometheus for the text format (model/textparse/promlex.l).
/// A line is given without its line break and without leading blanks. A raw line break never stands within quotes, so that a
/// quote that never ends costs one line.
/// </summary>
internal static class RowParser
{
    /// <summary>Reads name and labels, and checks all of them.</summary>
    [SkipLocalsInit]
    internal static RowFault ParseKey(ReadOnlySpan<byte> line, bool openMetrics, ExpositionLimits limits, ref ParsedRow row)
    {
        row = default;
        row.TimestampMs = SeriesRow.NoTimestamp;
        if (line.IsEmpty) return RowFault.BadStart;
        int at = Names.MetricNameLength(line);
        if (at == 0 && line[0] != '{') return RowFault.BadStart;
        if (at > limits.MaxNameBytes) return RowFault.NameTooLong;

        row.NameLength = row.NameEnd = row.KeyLength = at;
        if (!openMetrics) at = SkipBlanks(line, at);
        if (at == line.Length || line[at] != '{')
        {
            bool valueFollows = row.KeyLength < line.Length && line[row.KeyLength] is (byte)' ' or (byte)'\t';
            return valueFollows ? RowFault.None : RowFault.BadValue;
        }

        row.LabelsStart = at + 1;
        RowFault fault = ParseLabels(line, openMetrics, exemplar: false, limits, ref row, out int close);
        if (fault != RowFault.None) return fault;
        if (row.NameLength == 0) return RowFault.MissingName;
        row.LabelsLength = close - row.LabelsStart;
        row.KeyLength = close + 1;
        return Utf8.IsValid(line[..row.KeyLength]) ? RowFault.None : RowFault.InvalidUtf8;
    }

    /// <summary>Reads what follows the key: value, timestamp, exemplar.</summary>
    internal static RowFault ParseTail(ReadOnlySpan<byte> line, bool openMetrics, ExpositionLimits limits, ref ParsedRow row) =>
        openMetrics ? ParseStrictTail(line, limits, ref row) : ParseLenientTail(line, ref row);

    /// <summary>The index of the quote that ends a quoted text, or -1; <paramref name="start"/> is behind the opening one.</summary>
    internal static int QuoteEnd(ReadOnlySpan<byte> text, int start)
    {
        while (true)
        {
            int offset = text[start..].IndexOfAny((byte)'"', (byte)'\\');
            if (offset < 0) return -1;
            start += offset;
            if (text[start] == '"') return start;
            start += 2;
            if (start > text.Length) return -1;
        }
    }

    private static RowFault ParseLabels(
        ReadOnlySpan<byte> line, bool openMetrics, bool exemplar, ExpositionLimits limits, ref ParsedRow row, out int close)
    {
        var seen = new SeenNames(line, stackalloc int[2 * limits.MaxLabels]);
        int at = exemplar ? row.ExemplarStart : row.LabelsStart;
        close = 0;
        while (true)
        {
            if (!openMetrics) at = SkipBlanks(line, at);
            if (at >= line.Length) return RowFault.BadLabels;
            if (line[at] == '}')
            {
                close = at;
                return RowFault.None;
            }

            bool quoted = line[at] == '"';
            int nameStart = quoted ? at + 1 : at;
            int nameEnd = quoted ? QuoteEnd(line, nameStart) : at + Names.LabelNameLength(line[at..]);
            if (nameEnd < 0) return RowFault.BadLabels;
            if (nameEnd - nameStart > limits.MaxNameBytes) return RowFault.NameTooLong;
            at = quoted ? nameEnd + 1 : nameEnd;
            if (!openMetrics) at = SkipBlanks(line, at);
            if (at >= line.Length) return RowFault.BadLabels;

            if (quoted && !exemplar && line[at] is (byte)',' or (byte)'}')
            {
                if (row.NameLength != 0) return RowFault.SecondName;
                if (nameStart == nameEnd) return RowFault.MissingName;
                row.NameStart = nameStart;
                row.NameLength = nameEnd - nameStart;
                row.NameEscaped = line[nameStart..nameEnd].Contains((byte)'\\');
                if (line[at] == ',') at++;
                continue;
            }

            if (nameStart == nameEnd || line[at] != '=') return RowFault.BadLabels;
            at++;
            if (!openMetrics) at = SkipBlanks(line, at);
            if (at >= line.Length || line[at] != '"') return RowFault.BadLabels;
            int valueStart = at + 1;
            int valueEnd = QuoteEnd(line, valueStart);
            if (valueEnd < 0) return RowFault.BadLabels;
            if (seen.Count == limits.MaxLabels) return RowFault.TooManyLabels;
            if (!seen.Add(nameStart, nameEnd)) return RowFault.DuplicateLabel;
            if (valueEnd - valueStart > limits.MaxLabelValueBytes
                && Escapes.UnescapedLength(line[valueStart..valueEnd]) > limits.MaxLabelValueBytes) return RowFault.LabelValueTooLong;

            at = valueEnd + 1;
            if (!openMetrics) at = SkipBlanks(line, at);    // a blank alone may part two labels, as in Prometheus
            if (at < line.Length && line[at] == ',') at++;
            else if (openMetrics && (at >= line.Length || line[at] != '}')) return RowFault.BadLabels;
        }
    }

    private static RowFault ParseLenientTail(ReadOnlySpan<byte> line, ref ParsedRow row)
    {
        int at = SkipBlanks(line, row.KeyLength);
        if (!Numbers.TryParse(TakeToken(line, ref at), out row.Value)) return RowFault.BadValue;
        at = SkipBlanks(line, at);
        if (at == line.Length) return RowFault.None;
        if (!Numbers.TryParseMilliseconds(TakeToken(line, ref at), out row.TimestampMs)) return RowFault.BadTimestamp;
        return SkipBlanks(line, at) == line.Length ? RowFault.None : RowFault.TrailingText;
    }

    private static RowFault ParseStrictTail(ReadOnlySpan<byte> line, ExpositionLimits limits, ref ParsedRow row)
    {
        int at = row.KeyLength;
        if (!TakeSpace(line, ref at) || !Numbers.TryParse(TakeToken(line, ref at), out row.Value)) return RowFault.BadValue;
        if (at < line.Length && !line[at..].StartsWith(" #"u8))
        {
            if (!TakeSpace(line, ref at) || !Numbers.TryParseSeconds(TakeToken(line, ref at), out row.TimestampMs)) return RowFault.BadTimestamp;
        }
        if (at == line.Length) return RowFault.None;
        if (!line[at..].StartsWith(" # {"u8)) return line[at..].StartsWith(" #"u8) ? RowFault.BadExemplar : RowFault.TrailingText;

        row.HasExemplar = true;
        row.ExemplarStart = at + 4;
        if (ParseLabels(line, openMetrics: true, exemplar: true, limits, ref row, out int close) != RowFault.None) return RowFault.BadExemplar;
        row.ExemplarLength = close - row.ExemplarStart;
        row.ExemplarTimestampMs = SeriesRow.NoTimestamp;
        if (!Utf8.IsValid(line[row.ExemplarStart..close])) return RowFault.InvalidUtf8;
        at = close + 1;
        if (!TakeSpace(line, ref at) || !Numbers.TryParse(TakeToken(line, ref at), out row.ExemplarValue)) return RowFault.BadExemplar;
        if (at == line.Length) return RowFault.None;
        if (!TakeSpace(line, ref at) || !Numbers.TryParseSeconds(TakeToken(line, ref at), out row.ExemplarTimestampMs)) return RowFault.BadExemplar;
        return at == line.Length ? RowFault.None : RowFault.TrailingText;
    }

    internal static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t') at++;
        return at;
    }

    private static bool TakeSpace(ReadOnlySpan<byte> text, scoped ref int at)
    {
        if (at >= text.Length || text[at] != ' ') return false;
        at++;
        return true;
    }

    private static ReadOnlySpan<byte> TakeToken(ReadOnlySpan<byte> text, scoped ref int at)
    {
        ReadOnlySpan<byte> rest = text[at..];
        int length = rest.IndexOfAny((byte)' ', (byte)'\t');
        if (length < 0) length = rest.Length;
        at += length;
        return rest[..length];
    }

    /// <summary>
    /// The label names of one row, to find a second one. Names that come sorted, as the client libraries write them, are compared with
    /// the one before alone; others with all, which is quadratic and bounded by the limit on labels.
    /// </summary>
    private ref struct SeenNames(ReadOnlySpan<byte> line, Span<int> bounds)
    {
        private readonly ReadOnlySpan<byte> _line = line;
        private readonly Span<int> _bounds = bounds;
        private ReadOnlySpan<byte> _last;
        private bool _unsorted;
        private bool _anyEscaped;

        internal int Count { get; private set; }

        internal bool Add(int start, int end)
        {
            ReadOnlySpan<byte> name = _line[start..end];
            if (name.SequenceEqual("__name__"u8)) return false;
            _anyEscaped |= name.Contains((byte)'\\');
            _unsorted |= _anyEscaped || (Count > 0 && name.SequenceCompareTo(_last) <= 0);
            if (_unsorted && Contains(name)) return false;
            _last = name;
            _bounds[2 * Count] = start;
            _bounds[(2 * Count) + 1] = end;
            Count++;
            return true;
        }

        private readonly bool Contains(ReadOnlySpan<byte> name)
        {
            for (int i = 0; i < Count; i++)
            {
                ReadOnlySpan<byte> other = _line[_bounds[2 * i].._bounds[(2 * i) + 1]];
                if (_anyEscaped ? SameUnescaped(name, other) : name.SequenceEqual(other)) return true;
            }
            return false;
        }

        private static bool SameUnescaped(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
        {
            byte[] room = new byte[left.Length + right.Length];    // names with escapes are rare, and read once
            int leftLength = Escapes.Unescape(left, room);
            int rightLength = Escapes.Unescape(right, room.AsSpan(left.Length));
            return room.AsSpan(0, leftLength).SequenceEqual(room.AsSpan(left.Length, rightLength));
        }
    }
}
