using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Observability.Storage.Chunks;

/// <summary>
/// Values of a full chunk, packed denser than XOR where they are decimal numbers, as nearly all are: as whole numbers of a power of ten,
/// whose differences are packed in groups of 16 with a width each. Whatever does not come back bit for bit that way stays XOR.
/// </summary>
/// <remarks>
/// The first byte is the form (low 3 bits) and the decimals (high 5). Constant: zigzag varint of the number. Bits: 8 bytes. Sparse: first
/// number, count of changes, each as distance and difference. Packed and its second-order sibling: first number, base or first difference, divisor; a byte
/// that says which groups are not zero; their widths, a byte each; the bits, low first. Xor: the stream.
/// </remarks>
internal static class PackedValues
{
    /// <summary>Values of one chunk.</summary>
    public const int MaxCount = 120;

    /// <summary>The longest result.</summary>
    public const int MaxBytes = 1 + 8 + (MaxCount * 10) + 16;

    /// <summary>Bytes that must be readable behind a result; their content does not matter.</summary>
    public const int Padding = 16;

    private const int GroupSize = 16;
    private const int WidestPacked = 56;        // with up to 7 bits before it, it is in one read of 8 bytes
    private const int MaxDecimals = 14;
    private const double LargestWhole = 9.0e15; // below 2^53

    private static ReadOnlySpan<double> PowersOfTen => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];

    private enum Form : byte
    {
        Bits,
        Constant,
        Sparse,
        Packed,
        SecondOrder,
        Xor,
    }

    /// <summary>Packs one value that stands for all of a chunk.</summary>
    public static int EncodeConstant(long valueBits, Span<byte> target)
    {
        if (TryWhole([valueBits], stackalloc long[1], out int decimals) is var whole && whole.Length > 0)
        {
            target[0] = Tag(Form.Constant, decimals);
            return 1 + Varints.Write(target[1..], Varints.ZigZag(whole[0]));
        }
        target[0] = Tag(Form.Bits, 0);
        BinaryPrimitives.WriteInt64LittleEndian(target[1..], valueBits);
        return 9;
    }

    /// <param name="values">Bits of at most <see cref="MaxCount"/> values, not all equal.</param>
    /// <param name="xor">The same as an XOR stream.</param>
    /// <param name="target">At least <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(ReadOnlySpan<long> values, ReadOnlySpan<byte> xor, Span<byte> target)
    {
        ReadOnlySpan<long> whole = TryWhole(values, stackalloc long[MaxCount], out int decimals);
        if (!whole.IsEmpty)
        {
            int length = EncodeWhole(whole, decimals, xor.Length, target);
            if (length > 0 && length <= xor.Length)
                return length;
        }
        target[0] = Tag(Form.Xor, 0);
        xor.CopyTo(target[1..]);
        return 1 + xor.Length;
    }

    /// <summary>Reads a chunk's values.</summary>
    /// <param name="source">The packed bytes and, behind them, <see cref="Padding"/>.</param>
    /// <param name="values">As many as were packed.</param>
    public static void Decode(ReadOnlySpan<byte> source, Span<long> values)
    {
        int decimals = source[0] >> 3, position = 1;
        switch ((Form)(source[0] & 7))
        {
            case Form.Bits:
                values.Fill(BinaryPrimitives.ReadInt64LittleEndian(source[1..]));
                return;
            case Form.Xor:
                XorValues.Decode(source[1..], values);
                return;
            case Form.Constant:
                values.Fill(BitsOf(Varints.UnZigZag(Varints.Read(source, ref position)), decimals));
                return;
            case Form.Sparse:
                DecodeSparse(source, decimals, values);
                return;
            case Form.Packed:
                DecodePacked(source, isSecondOrder: false, values);
                break;
            default:
                DecodePacked(source, isSecondOrder: true, values);
                break;
        }
        ToDoubles(values, decimals);
    }

    private static byte Tag(Form form, int decimals) => (byte)((int)form | (decimals << 3));

    private static long BitsOf(long whole, int decimals) => BitConverter.DoubleToInt64Bits(decimals == 0 ? whole : whole / PowersOfTen[decimals]);

    /// <summary>The values as whole numbers of the smallest power of ten that gives all of them back to the bit; empty where none does.</summary>
    private static ReadOnlySpan<long> TryWhole(ReadOnlySpan<long> values, Span<long> whole, out int decimals)
    {
        decimals = 0;
        int from = 0; // values before it are good with these decimals
        for (int i = 0; ;)
        {
            double value = BitConverter.Int64BitsToDouble(values[i]);
            double scaled = value * PowersOfTen[decimals];
            if (!(Math.Abs(scaled) < LargestWhole)) // NaN as well
                return [];
            long number = (long)Math.Round(scaled);
            if (BitsOf(number, decimals) != values[i])
            {
                if (++decimals > MaxDecimals)
                    return [];
                from = i;
                continue;
            }
            whole[i++] = number;
            if (i < values.Length)
                continue;
            if (from == 0)
                return whole[..values.Length];
            i = from = 0; // more decimals than the first had: once more
        }
    }

    private static int EncodeWhole(ReadOnlySpan<long> whole, int decimals, int xorLength, Span<byte> target)
    {
        int count = whole.Length - 1;
        Span<long> first = stackalloc long[MaxCount], second = stackalloc long[MaxCount];
        long least = long.MaxValue, before = 0;
        int changes = 0, sparseBytes = Varints.LongestBytes, lastChange = 0;
        ulong divisor = 0;
        for (int i = 0; i < count; i++)
        {
            long difference = whole[i + 1] - whole[i];
            first[i] = difference;
            second[i] = i == 0 ? 0 : difference - before;
            before = difference;
            least = Math.Min(least, difference);
            if (difference == 0)
                continue;
            changes++;
            sparseBytes += Varints.Length((ulong)(i - lastChange)) + Varints.Length(Varints.ZigZag(difference));
            lastChange = i;
            if (divisor != 1)
                divisor = Divisor(divisor, (ulong)Math.Abs(difference));
        }
        // Differences that never fall are counted from the least; others are folded, so that those near zero stay small.
        long @base = least > 0 ? least : 0;
        bool isFolded = least < 0;
        if (@base > 0 && divisor > 1 && (ulong)@base % divisor != 0)
            divisor = 1;
        Span<ulong> residuals = stackalloc ulong[MaxCount], secondResiduals = stackalloc ulong[MaxCount];
        for (int i = 0; i < count; i++)
        {
            long rest = divisor > 1 ? (first[i] - @base) / (long)divisor : first[i] - @base;
            residuals[i] = isFolded ? Varints.ZigZag(rest) : (ulong)rest;
            secondResiduals[i] = Varints.ZigZag(second[i]);
        }
        int packedBytes = PackedBytes(residuals[..count]), secondBytes = PackedBytes(secondResiduals[..count]);
        if (sparseBytes <= Math.Min(packedBytes + 4, Math.Min(secondBytes + 4, xorLength)))
            return EncodeSparse(whole, decimals, changes, first[..count], target);
        if (Math.Min(packedBytes, secondBytes) + 4 >= xorLength)
            return 0;
        return packedBytes <= secondBytes
            ? EncodePacked(Form.Packed, whole[0], decimals, @base, divisor, isFolded, residuals[..count], target)
            : EncodePacked(Form.SecondOrder, whole[0], decimals, (long)Varints.ZigZag(first[0]), 1, true, secondResiduals[..count], target);
    }

    private static ulong Divisor(ulong left, ulong right)
    {
        while (right != 0)
            (left, right) = (right, left % right);
        return left;
    }

    private static int PackedBytes(ReadOnlySpan<ulong> residuals)
    {
        int bits = 0, groups = 0;
        for (int start = 0; start < residuals.Length; start += GroupSize)
        {
            int size = Math.Min(GroupSize, residuals.Length - start);
            int width = WidthOf(residuals.Slice(start, size));
            if (width > WidestPacked)
                return int.MaxValue / 2;
            bits += width * size;
            groups += width > 0 ? 1 : 0;
        }
        return groups + ((bits + 7) / 8);
    }

    private static int WidthOf(ReadOnlySpan<ulong> residuals)
    {
        ulong all = 0;
        foreach (ulong residual in residuals)
            all |= residual;
        return 64 - BitOperations.LeadingZeroCount(all);
    }

    private static int EncodeSparse(ReadOnlySpan<long> whole, int decimals, int changes, ReadOnlySpan<long> differences, Span<byte> target)
    {
        target[0] = Tag(Form.Sparse, decimals);
        int length = 1 + Varints.Write(target[1..], Varints.ZigZag(whole[0]));
        length += Varints.Write(target[length..], (ulong)changes);
        int last = 0;
        for (int i = 0; i < differences.Length; i++)
        {
            if (differences[i] == 0)
                continue;
            length += Varints.Write(target[length..], (ulong)(i - last));
            length += Varints.Write(target[length..], Varints.ZigZag(differences[i]));
            last = i;
        }
        return length;
    }

    private static int EncodePacked(
        Form form, long first, int decimals, long @base, ulong divisor, bool isFolded, ReadOnlySpan<ulong> residuals, Span<byte> target)
    {
        target[0] = Tag(form, decimals);
        int length = 1 + Varints.Write(target[1..], Varints.ZigZag(first));
        length += Varints.Write(target[length..], ((ulong)@base << 1) | (isFolded ? 1UL : 0));
        length += Varints.Write(target[length..], divisor);
        int mask = length++;
        target[mask] = 0;
        int group = 0;
        for (int start = 0; start < residuals.Length; start += GroupSize, group++)
        {
            int width = WidthOf(residuals.Slice(start, Math.Min(GroupSize, residuals.Length - start)));
            if (width == 0)
                continue;
            target[mask] |= (byte)(1 << group);
            target[length++] = (byte)width;
        }
        ulong pending = 0;
        int pendingBits = 0, widths = mask + 1;
        group = 0;
        for (int start = 0; start < residuals.Length; start += GroupSize, group++)
        {
            if ((target[mask] & (1 << group)) == 0)
                continue;
            int width = target[widths++];
            foreach (ulong residual in residuals.Slice(start, Math.Min(GroupSize, residuals.Length - start)))
            {
                pending |= residual << pendingBits;
                pendingBits += width;
                for (; pendingBits >= 8; pendingBits -= 8, pending >>= 8)
                    target[length++] = (byte)pending;
            }
        }
        if (pendingBits > 0)
            target[length++] = (byte)pending;
        return length;
    }

    private static void DecodeSparse(ReadOnlySpan<byte> source, int decimals, Span<long> values)
    {
        int position = 1;
        long number = Varints.UnZigZag(Varints.Read(source, ref position));
        int changes = (int)Varints.Read(source, ref position), at = 0, last = 0;
        for (; changes > 0; changes--)
        {
            last += (int)Varints.Read(source, ref position);
            values[at..(last + 1)].Fill(BitsOf(number, decimals));
            at = last + 1;
            number += Varints.UnZigZag(Varints.Read(source, ref position));
        }
        values[at..].Fill(BitsOf(number, decimals));
    }

    private static void DecodePacked(ReadOnlySpan<byte> source, bool isSecondOrder, Span<long> values)
    {
        int position = 1;
        long number = Varints.UnZigZag(Varints.Read(source, ref position));
        ulong baseAndFold = Varints.Read(source, ref position);
        long @base = (long)(baseAndFold >> 1), divisor = (long)Varints.Read(source, ref position);
        bool isFolded = (baseAndFold & 1) != 0;
        int mask = source[position++], widths = position;
        position += BitOperations.PopCount((uint)mask);
        long bit = (long)position << 3;
        long difference = isSecondOrder ? Varints.UnZigZag((ulong)@base) : 0;
        values[0] = number;
        for (int start = 1; start < values.Length; start += GroupSize, mask >>= 1)
        {
            Span<long> group = values.Slice(start, Math.Min(GroupSize, values.Length - start));
            if ((mask & 1) == 0)
                group.Clear();
            else
            {
                int width = source[widths++];
                ulong low = (1UL << width) - 1;
                for (int i = 0; i < group.Length; i++, bit += width)
                    group[i] = (long)((BinaryPrimitives.ReadUInt64LittleEndian(source[(int)(bit >> 3)..]) >> (int)(bit & 7)) & low);
                if (isFolded)
                {
                    for (int i = 0; i < group.Length; i++)
                        group[i] = Varints.UnZigZag((ulong)group[i]);
                }
            }
            if (isSecondOrder)
            {
                for (int i = 0; i < group.Length; i++)
                {
                    difference += group[i];
                    group[i] = number += difference;
                }
            }
            else if (divisor > 1)
            {
                for (int i = 0; i < group.Length; i++)
                    group[i] = number += @base + (group[i] * divisor);
            }
            else
            {
                for (int i = 0; i < group.Length; i++)
                    group[i] = number += @base + group[i];
            }
        }
    }

    private static void ToDoubles(Span<long> values, int decimals)
    {
        Span<double> doubles = MemoryMarshal.Cast<long, double>(values);
        if (decimals == 0)
        {
            for (int i = 0; i < values.Length; i++)
                doubles[i] = values[i];
            return;
        }
        double power = PowersOfTen[decimals];
        for (int i = 0; i < values.Length; i++)
            doubles[i] = values[i] / power;
    }
}
