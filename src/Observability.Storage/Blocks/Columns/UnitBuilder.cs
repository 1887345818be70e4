using System.Numerics;

namespace Observability.Storage.Blocks.Columns;

/// <summary>
/// Gathers columns until they make a unit: what each is (heads), and the two streams of <see cref="Residuals"/>. A column of values is
/// constant, or whole numbers of some decimal places with the exceptions listed, or the bits of doubles, each against the one before.
/// Every way gives every bit back. For one thread.
/// </summary>
internal sealed class UnitBuilder
{
    /// <summary>A unit is closed when it holds so many bytes before compression.</summary>
    private const int TargetBytes = 48 * 1024;

    /// <summary>And when it holds so many columns: reading one walks over the heads of all.</summary>
    private const int TargetColumns = 512;

    private const int MaxExceptionsShare = 32;

    private readonly ModelChooser _chooser = new();
    private readonly List<(int Row, long Bits)> _exceptions = [];
    private long[] _numbers = [];

    public ByteSink Heads { get; } = new();

    public ByteSink Classes { get; } = new();

    public ByteSink Bits { get; } = new();

    /// <summary>Columns gathered, and the number of the next one in its unit.</summary>
    public int Columns { get; private set; }

    public bool IsFull => Columns >= TargetColumns || Heads.Length + Classes.Length + Bits.Length >= TargetBytes;

    public void Clear()
    {
        Heads.Clear();
        Classes.Clear();
        Bits.Clear();
        Columns = 0;
    }

    /// <summary>Adds a column of times, strictly rising.</summary>
    public void AddTimes(ReadOnlySpan<long> timesMs)
    {
        if (timesMs.Length == 1)
            AddConstant(1, timesMs[0]);
        else
        {
            Span<long> numbers = Numbers(timesMs.Length);
            timesMs.CopyTo(numbers);
            _exceptions.Clear();
            AddNumbers(numbers, 0, []);
        }
        Columns++;
    }

    /// <summary>Adds a column of values, given as the bits of doubles.</summary>
    /// <param name="valueBits">At least one.</param>
    /// <param name="timesMs">Their times.</param>
    public void AddValues(ReadOnlySpan<long> valueBits, ReadOnlySpan<long> timesMs)
    {
        if (!valueBits.ContainsAnyExcept(valueBits[0]))
            AddConstant(valueBits.Length, valueBits[0]);
        else
        {
            int maxExceptions = Math.Max(2, valueBits.Length / MaxExceptionsShare);
            int places = DecimalScale.FindPlaces(valueBits, maxExceptions);
            if (places >= 0 && TryScale(valueBits, places, maxExceptions))
                AddNumbers(_numbers.AsSpan(0, valueBits.Length), places, timesMs);
            else
                AddXor(valueBits);
        }
        Columns++;
    }

    private void AddConstant(int count, long bits)
    {
        Heads.Byte((byte)ColumnKind.Constant);
        Heads.Varint((ulong)count);
        Heads.Int64(bits);
    }

    private bool TryScale(ReadOnlySpan<long> valueBits, int places, int maxExceptions)
    {
        Span<long> numbers = Numbers(valueBits.Length);
        _exceptions.Clear();
        int leading = 0; // exceptions before the first number
        for (int i = 0; i < numbers.Length; i++)
        {
            if (DecimalScale.TryScale(valueBits[i], places, out numbers[i]))
                continue;
            if (_exceptions.Count == maxExceptions)
                return false;
            if (leading == i)
                leading++;
            else
                numbers[i] = numbers[i - 1]; // costs the least
            _exceptions.Add((i, valueBits[i]));
        }
        if (leading == numbers.Length)
            return false;
        numbers[..leading].Fill(numbers[leading]);
        return true;
    }

    /// <summary>The numbers are changed.</summary>
    private void AddNumbers(Span<long> numbers, int places, ReadOnlySpan<long> timesMs)
    {
        long first = numbers[0], differences = 0;
        foreach (ref long number in numbers)
        {
            number -= first;
            differences |= number;
        }
        int shift = differences == 0 ? 0 : BitOperations.TrailingZeroCount(differences); // pages of memory are 4096 bytes
        if (shift > 0)
        {
            foreach (ref long number in numbers)
                number >>= shift;
        }
        ModelledColumn column = _chooser.Choose(numbers, timesMs);
        Heads.Byte((byte)((int)ColumnKind.Numbers | ((int)column.Model << 2) | (column.IsSigned ? ColumnHead.SignedFlag : 0)));
        Heads.Varint((ulong)numbers.Length);
        Heads.Byte((byte)places);
        Heads.Byte((byte)shift);
        Heads.SignedVarint(first);
        Heads.SignedVarint(column.Base);
        if (column.Model == ColumnModel.MeanRate)
            Heads.Int64(BitConverter.DoubleToInt64Bits(column.RatePerMs));
        Heads.Varint((ulong)_exceptions.Count);
        int row = 0;
        foreach ((int exceptionRow, long bits) in _exceptions)
        {
            Heads.Varint((ulong)(exceptionRow - row));
            Heads.Int64(bits);
            row = exceptionRow;
        }
        AddResiduals(_chooser.Residuals);
    }

    private void AddXor(ReadOnlySpan<long> valueBits)
    {
        ulong all = 0;
        for (int i = 1; i < valueBits.Length; i++)
            all |= (ulong)(valueBits[i] ^ valueBits[i - 1]);
        int shift = BitOperations.TrailingZeroCount(all);
        Span<ulong> changes = System.Runtime.InteropServices.MemoryMarshal.Cast<long, ulong>(Numbers(valueBits.Length - 1));
        for (int i = 0; i < changes.Length; i++)
            changes[i] = (ulong)(valueBits[i + 1] ^ valueBits[i]) >> shift;
        Heads.Byte((byte)ColumnKind.Xor);
        Heads.Varint((ulong)valueBits.Length);
        Heads.Byte((byte)shift);
        Heads.Int64(valueBits[0]);
        AddResiduals(changes);
    }

    private void AddResiduals(ReadOnlySpan<ulong> residuals)
    {
        int before = Bits.Length;
        Residuals.Write(residuals, Classes, Bits);
        Heads.Varint((ulong)(Bits.Length - before));
    }

    private Span<long> Numbers(int count)
    {
        if (_numbers.Length < count)
            _numbers = new long[count];
        return _numbers.AsSpan(0, count);
    }
}
