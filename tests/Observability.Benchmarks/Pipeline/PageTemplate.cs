using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Observability.Benchmarks.Pipeline;

/// <summary>
/// A kubelet page that goes on: made of two pages of one simulated node some time apart, it gives any number of later ones. A row that rose
/// between the two rises on at that rate, one that stood still stands still. Rows that had one timestamp go on having one, jittered anew in
/// every scrape, as the kubelet does with the rows of a cgroup.
/// </summary>
internal sealed class PageTemplate
{
    private const int MaxJitterMs = 400;

    private readonly Row[] _rows;
    private readonly byte[] _text;
    private readonly long _takenMs;

    private PageTemplate(Row[] rows, byte[] text, long takenMs)
    {
        _rows = rows;
        _text = text;
        _takenMs = takenMs;
    }

    /// <summary>Rows with a value.</summary>
    public int SampleRows => _rows.Count(row => row.Kind != RowKind.Constant);

    /// <param name="before">The earlier page.</param>
    /// <param name="page">The later one.</param>
    /// <param name="elapsed">Time between the two.</param>
    /// <param name="taken">When the later one was asked for.</param>
    public static PageTemplate Make(string before, string page, TimeSpan elapsed, DateTimeOffset taken)
    {
        Dictionary<string, decimal> earlier = new(StringComparer.Ordinal);
        foreach (string line in Lines(before))
        {
            if (TrySplit(line, out string key, out string value, out _) && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
                earlier[key] = number;
        }
        var text = new ArrayBufferWriter<byte>(page.Length);
        List<Row> rows = [];
        foreach (string line in Lines(page))
        {
            int start = text.WrittenCount;
            if (TrySplit(line, out string key, out string value, out long timestampMs) &&
                decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
            {
                Encoding.UTF8.GetBytes(key + ' ', text);
                decimal rise = earlier.TryGetValue(key, out decimal was) ? number - was : 0;
                bool isWhole = number == decimal.Truncate(number) && was == decimal.Truncate(was);
                rows.Add(new Row(start, text.WrittenCount - start, isWhole ? RowKind.Whole : RowKind.Decimal,
                    (double)number, (double)rise / elapsed.TotalMilliseconds, timestampMs));
            }
            else
            {
                Encoding.UTF8.GetBytes(line, text);
                rows.Add(new Row(start, text.WrittenCount - start, RowKind.Constant, 0, 0, 0));
            }
        }
        return new PageTemplate([.. rows], text.WrittenSpan.ToArray(), taken.ToUnixTimeMilliseconds());
    }

    /// <summary>The page as it reads now.</summary>
    public void Write(IBufferWriter<byte> page, long nowMs)
    {
        long passedMs = nowMs - _takenMs;
        foreach (Row row in _rows)
        {
            Span<byte> line = page.GetSpan(row.Length + 64);
            _text.AsSpan(row.Start, row.Length).CopyTo(line);
            int length = row.Length;
            if (row.Kind != RowKind.Constant)
            {
                double value = row.Value + (row.RisePerMs * passedMs);
                length += row.Kind == RowKind.Whole ? Whole(line[length..], (long)value) : Decimal(line[length..], value);
                if (row.TimestampMs != 0)
                {
                    line[length++] = (byte)' ';
                    int jitter = (int)((((ulong)row.TimestampMs * 2654435761) + ((ulong)nowMs * 40503)) % MaxJitterMs);
                    length += Whole(line[length..], row.TimestampMs + passedMs - jitter);
                }
            }
            line[length++] = (byte)'\n';
            page.Advance(length);
        }
    }

    private static IEnumerable<string> Lines(string page) => page.Split('\n').Where(line => line.Length > 0);

    /// <summary>Name and labels, value, and timestamp or 0; false for a line without a value.</summary>
    private static bool TrySplit(string line, out string key, out string value, out long timestampMs)
    {
        (key, value, timestampMs) = ("", "", 0);
        if (line[0] == '#')
            return false;
        int end = line.LastIndexOf('}') + 1;
        if (end == 0)
            end = line.IndexOf(' ', StringComparison.Ordinal);
        string[] rest = line[end..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        key = line[..end];
        value = rest[0];
        if (rest.Length > 1)
            timestampMs = long.Parse(rest[1], CultureInfo.InvariantCulture);
        return true;
    }

    private static int Whole(Span<byte> text, long value)
    {
        Utf8Formatter.TryFormat(value, text, out int written);
        return written;
    }

    /// <summary>Six decimals, without trailing zeros: what a kubelet makes of microseconds.</summary>
    private static int Decimal(Span<byte> text, double value)
    {
        Utf8Formatter.TryFormat(value, text, out int written, new StandardFormat('F', 6));
        return text[..written].TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
    }

    private enum RowKind
    {
        Constant,
        Whole,
        Decimal,
    }

    private readonly record struct Row(int Start, int Length, RowKind Kind, double Value, double RisePerMs, long TimestampMs);
}
