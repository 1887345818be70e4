using System.Runtime.InteropServices;

namespace Observability.Storage.Blocks.Columns;

/// <summary>A unit as it is in memory while somebody reads from it. Immutable; safe on any number of threads.</summary>
internal sealed class ColumnUnit
{
    private readonly byte[] _plain; // heads, then classes
    private readonly byte[] _bits;
    private readonly ColumnHead[] _heads;
    private readonly int[] _classesAt;
    private readonly int[] _bitsAt;

    /// <param name="plain">Heads and classes, decompressed.</param>
    /// <param name="headBytes">Where the classes begin.</param>
    /// <param name="bits">The bits, and <see cref="Residuals.Padding"/> bytes behind them.</param>
    /// <param name="columns">How many there are.</param>
    /// <exception cref="CorruptDataException">The parts do not fit together.</exception>
    public ColumnUnit(byte[] plain, int headBytes, byte[] bits, int columns)
    {
        _plain = plain;
        _bits = bits;
        _heads = new ColumnHead[columns];
        _classesAt = new int[columns];
        _bitsAt = new int[columns];
        var source = new ByteSource(plain.AsSpan(0, headBytes));
        long classesAt = headBytes, bitsAt = 0;
        for (int i = 0; i < columns; i++)
        {
            ColumnHead head = _heads[i] = ColumnHead.Read(ref source);
            _classesAt[i] = (int)classesAt;
            _bitsAt[i] = (int)bitsAt;
            classesAt += head.Residuals;
            bitsAt += head.BitBytes;
            if (classesAt > plain.Length || bitsAt > bits.Length - Residuals.Padding)
                throw new CorruptDataException("A unit's columns are longer than the unit.");
        }
    }

    public int Columns => _heads.Length;

    /// <summary>Rows of a column.</summary>
    public int CountOf(int column) => Head(column).Count;

    /// <summary>Reads a column of times.</summary>
    public void ReadTimes(int column, Span<long> timesMs)
    {
        ColumnHead head = Head(column);
        if (head.Kind == ColumnKind.Xor || head.Places != 0 || head.Model.Model > ColumnModel.DeltaOfDelta)
            throw new CorruptDataException("A column that holds no times.");
        ReadNumbers(column, head, [], timesMs[..head.Count]);
    }

    /// <summary>Reads a column of values.</summary>
    /// <param name="column">Its number in the unit.</param>
    /// <param name="timesMs">The times of its rows.</param>
    /// <param name="values">Receives as many as the column has rows.</param>
    public void ReadValues(int column, ReadOnlySpan<long> timesMs, Span<double> values)
    {
        ColumnHead head = Head(column);
        if (timesMs.Length != head.Count)
            throw new CorruptDataException("A column of values that does not fit its times.");
        values = values[..head.Count];
        Span<long> numbers = MemoryMarshal.Cast<double, long>(values); // each becomes its double in place
        ReadNumbers(column, head, timesMs, numbers);
        if (head.Kind != ColumnKind.Numbers)
            return;
        if (head.Places == 0)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = numbers[i];
        }
        else
        {
            double power = DecimalScale.Power(head.Places);
            for (int i = 0; i < values.Length; i++)
                values[i] = numbers[i] / power;
        }
        var exceptions = new ByteSource(_plain.AsSpan(head.ExceptionsAt));
        for (int i = 0, row = 0; i < head.Exceptions; i++)
        {
            row += exceptions.Varint(head.Count - 1 - row);
            numbers[row] = exceptions.Int64();
        }
    }

    private void ReadNumbers(int column, in ColumnHead head, ReadOnlySpan<long> timesMs, Span<long> numbers)
    {
        if (head.Kind == ColumnKind.Constant)
        {
            numbers.Fill(head.First);
            return;
        }
        // The residuals take the places of what they become, the first number's excepted.
        Span<ulong> residuals = MemoryMarshal.Cast<long, ulong>(numbers[1..]);
        Residuals.Read(_plain.AsSpan(_classesAt[column], head.Residuals),
            _bits.AsSpan(_bitsAt[column], head.BitBytes + Residuals.Padding), residuals);
        if (head.Kind == ColumnKind.Xor)
        {
            long bits = numbers[0] = head.First;
            for (int i = 1; i < numbers.Length; i++)
                numbers[i] = bits ^= numbers[i] << head.Shift;
            return;
        }
        head.Model.Restore(residuals, timesMs, numbers);
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = head.First + (numbers[i] << head.Shift);
    }

    private ref readonly ColumnHead Head(int column)
    {
        if ((uint)column >= (uint)_heads.Length)
            throw new CorruptDataException("A column that its unit does not have.");
        return ref _heads[column];
    }
}
