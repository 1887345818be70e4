using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Observability.Model;

namespace Observability.Aggregator.PrometheusApi.Json;

/// <summary>
/// UTF-8 text under construction: JSON by hand, because what is written by the million is a number in quotes, a time and a comma, and a
/// general writer would check each. Used by one thread; disposing gives the memory back.
/// </summary>
internal sealed class TextBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    // What JSON must escape, and what a browser could take for a tag if it were ever shown as a page.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\', '<', '>', '&', '\x7f', '\u2028', '\u2029']);

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(GetSpan(text.Length));
        Length += text.Length;
    }

    public void Raw(byte text)
    {
        GetSpan(1)[0] = text;
        Length++;
    }

    public void Whole(long value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(24), out int written);
        Length += written;
    }

    /// <summary>A sample's value: <c>"1.5"</c>, quotes included.</summary>
    public void Value(double value)
    {
        Span<byte> span = GetSpan(NumberText.MaxBytes + 2);
        span[0] = (byte)'"';
        int written = NumberText.Write(value, span[1..]);
        span[written + 1] = (byte)'"';
        Length += written + 2;
    }

    /// <summary>A time: <c>1609746000.781</c>.</summary>
    public void Seconds(long timestampMs) => Length += NumberText.WriteSeconds(timestampMs, GetSpan(NumberText.MaxBytes));

    /// <summary>A JSON string. What is no character of Unicode becomes U+FFFD.</summary>
    public void String(string text)
    {
        Raw((byte)'"');
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int plain = rest.IndexOfAny(Escaped);
            ReadOnlySpan<char> run = plain < 0 ? rest : rest[..plain];
            Length += Encoding.UTF8.GetBytes(run, GetSpan(Encoding.UTF8.GetMaxByteCount(run.Length)));
            if (plain < 0)
                break;
            Escape(rest[plain]);
            rest = rest[(plain + 1)..];
        }
        Raw((byte)'"');
    }

    /// <summary><c>["a","b"]</c></summary>
    public void Strings(IEnumerable<string> texts)
    {
        byte separator = (byte)'[';
        foreach (string text in texts)
        {
            Raw(separator);
            String(text);
            separator = (byte)',';
        }
        if (separator == '[')
            Raw(separator);
        Raw((byte)']');
    }

    /// <summary><c>{"__name__":"up","job":"kubelet"}</c></summary>
    public void Labels(LabelSet labels)
    {
        Raw((byte)'{');
        bool first = true;
        foreach (Label label in labels.AsSpan())
        {
            if (!first)
                Raw((byte)',');
            first = false;
            String(label.Name);
            Raw((byte)':');
            String(label.Value);
        }
        Raw((byte)'}');
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void Escape(char c)
    {
        switch (c)
        {
            case '"':
                Raw("\\\""u8);
                break;
            case '\\':
                Raw("\\\\"u8);
                break;
            case '\n':
                Raw("\\n"u8);
                break;
            case '\r':
                Raw("\\r"u8);
                break;
            case '\t':
                Raw("\\t"u8);
                break;
            default:
                Span<byte> span = GetSpan(6);
                "\\u"u8.CopyTo(span);
                for (int i = 0; i < 4; i++)
                    span[5 - i] = (byte)"0123456789abcdef"[(c >> (4 * i)) & 0xF];
                Length += 6;
                break;
        }
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + more));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
