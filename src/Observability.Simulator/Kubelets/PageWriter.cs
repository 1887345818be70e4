using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;

namespace Observability.Simulator.Kubelets;

/// <summary>Grows one rented buffer with UTF-8 text; numbers are written as Go's strconv does with format <c>'g'</c> and precision -1.</summary>
internal sealed class PageWriter : IDisposable
{
    private const int LongestNumber = 40;

    private byte[] buffer;
    private int length;

    public PageWriter(int capacity) => buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    public void Write(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(buffer.AsSpan(length));
        length += text.Length;
    }

    public void Write(byte character)
    {
        Reserve(1);
        buffer[length++] = character;
    }

    /// <summary>All digits, as timestamps are written.</summary>
    public void WriteDigits(long value)
    {
        Reserve(LongestNumber);
        Utf8Formatter.TryFormat(value, buffer.AsSpan(length), out int written);
        length += written;
    }

    /// <summary>As a float: from a million on with an exponent.</summary>
    public void WriteFloat(long value)
    {
        if (value is > -1_000_000 and < 1_000_000)
        {
            WriteDigits(value);
            return;
        }

        Span<byte> digits = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(value, digits, out int count);
        WriteExponential(digits[..count]);
    }

    public void WriteFloat(double value)
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        bool fits = value.TryFormat(text, out int count, default, CultureInfo.InvariantCulture);
        Debug.Assert(fits, "the shortest form of a double has at most 25 characters");
        if (value == 0 || Math.Abs(value) is >= 1e-4 and < 1e6)
            Write(text[..count]);
        else
            WriteExponential(text[..count]);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    /// <summary>From <c>123450000</c>, <c>0.00001234</c> or <c>1.234E-05</c> to <c>1.2345e+08</c>.</summary>
    private void WriteExponential(ReadOnlySpan<byte> text)
    {
        Reserve(LongestNumber);
        if (text[0] == '-')
        {
            buffer[length++] = (byte)'-';
            text = text[1..];
        }

        Span<byte> digits = stackalloc byte[LongestNumber];
        int count = 0;
        int point = -1;
        int exponent = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '.')
            {
                point = count;
            }
            else if (text[i] == 'E')
            {
                bool parsed = Utf8Parser.TryParse(text[(i + 1)..], out exponent, out _);
                Debug.Assert(parsed, "an exponent follows the E of .NET's own form");
                break;
            }
            else
            {
                digits[count++] = text[i];
            }
        }

        exponent += (point < 0 ? count : point) - 1;
        int first = 0;
        while (first < count - 1 && digits[first] == '0')
        {
            first++;
            exponent--;
        }

        while (count > first + 1 && digits[count - 1] == '0')
            count--;

        buffer[length++] = digits[first];
        if (count > first + 1)
        {
            buffer[length++] = (byte)'.';
            Write(digits[(first + 1)..count]);
        }

        buffer[length++] = (byte)'e';
        buffer[length++] = (byte)(exponent < 0 ? '-' : '+');
        if (Math.Abs(exponent) < 10)
            buffer[length++] = (byte)'0';
        WriteDigits(Math.Abs(exponent));
    }

    private void Reserve(int more)
    {
        if (buffer.Length - length >= more)
            return;

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
