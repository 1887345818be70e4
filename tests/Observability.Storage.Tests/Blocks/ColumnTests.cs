using CsCheck;
using Observability.Model;
using Observability.Storage.Blocks.Columns;

namespace Observability.Storage.Tests.Blocks;

internal sealed class ColumnTests
{
    private static readonly Gen<long> Bits = Gen.OneOf(
        Gen.Long,                                                                           // any double, NaN payloads included
        Gen.Int[-5, 5].Select(value => BitConverter.DoubleToInt64Bits(value)),
        Gen.Double[-1e6, 1e6].Select(value => BitConverter.DoubleToInt64Bits(Math.Round(value, 3))),
        Gen.Long[0, 1L << 55].Select(value => BitConverter.DoubleToInt64Bits(value / 1e9)),
        OneOf(StaleMarker.Bits, BitConverter.DoubleToInt64Bits(-0.0), BitConverter.DoubleToInt64Bits(double.NaN),
            BitConverter.DoubleToInt64Bits(double.PositiveInfinity), BitConverter.DoubleToInt64Bits(double.NegativeInfinity),
            BitConverter.DoubleToInt64Bits(double.Epsilon), BitConverter.DoubleToInt64Bits(double.MaxValue), 0));

    /// <summary>Columns of one kind, and of kinds in any mix; counters that restart, gauges in pages, series that end.</summary>
    private static readonly Gen<long[]> Columns = Gen.OneOf(
        Bits.Array[1, 60],
        Gen.Select(Bits, Gen.Int[1, 300], (bits, count) => Enumerable.Repeat(bits, count).ToArray()),
        Gen.Select(Gen.Long[0, 1L << 50], Gen.Long[0, 1L << 34].Array[1, 300], Gen.Int[0, 9], (start, steps, places) =>
            Scan(start, steps).Select(value => BitConverter.DoubleToInt64Bits(value / Math.Pow(10, places))).ToArray()),
        Gen.Int[0, 100_000].Array[1, 300].Select(pages => pages.Select(page => BitConverter.DoubleToInt64Bits(page * 4096.0)).ToArray()),
        Gen.Select(Gen.Int[0, 3].Array[1, 300], Bits, (steps, end) =>
            Scan(7, steps.Select(step => (long)step)).Select(value => BitConverter.DoubleToInt64Bits(value)).Append(end).ToArray()),
        Gen.Double.Array[2, 100].Select(values => values.Select(value => BitConverter.DoubleToInt64Bits(value)).ToArray()));

    [Test]
    public void Any_values_come_back_bit_for_bit()
    {
        Gen.Select(Columns, Gen.Long[1, 60_000].Array[301, 301]).Sample((bits, steps) =>
        {
            long[] times = Times(1_700_000_000_000, steps, bits.Length);
            var builder = new UnitBuilder();
            builder.AddValues(bits, times);

            var values = new double[bits.Length];
            Unit(builder).ReadValues(0, times, values);

            return values.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(bits);
        }, iter: 3000);
    }

    [Test]
    public void Any_rising_times_come_back()
    {
        Gen.Select(Gen.Long[long.MinValue / 2, long.MaxValue / 2], Gen.OneOf(Gen.Long[1, 60_000], Gen.Long[1, 1L << 52]).Array[1, 300]).Sample((start, steps) =>
        {
            long[] times = Times(start, steps, steps.Length);
            var builder = new UnitBuilder();
            builder.AddTimes(times);

            var read = new long[times.Length];
            Unit(builder).ReadTimes(0, read);

            return read.SequenceEqual(times);
        }, iter: 2000);
    }

    [Test]
    public void Columns_of_one_unit_do_not_disturb_each_other()
    {
        Columns.Array[1, 20].Sample(columns =>
        {
            long[] times = Times(0, Enumerable.Repeat(15_000L, 400), 400);
            var builder = new UnitBuilder();
            foreach (long[] column in columns)
                builder.AddValues(column, times.AsSpan(0, column.Length));

            ColumnUnit unit = Unit(builder);

            for (int i = columns.Length - 1; i >= 0; i--)
            {
                var values = new double[columns[i].Length];
                unit.ReadValues(i, times.AsSpan(0, values.Length), values);
                if (!values.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(columns[i]))
                    return false;
            }
            return unit.Columns == columns.Length;
        }, iter: 500);
    }

    [Test]
    public void Numbers_of_any_width_come_back_from_any_bit_offset()
    {
        Gen.Select(Gen.Int[0, 64], Gen.ULong).Select((width, number) => width == 0 ? 0 : (number | (1UL << 63)) >> (64 - width)).Array[1, 200].Sample(numbers =>
        {
            var classes = new ByteSink();
            var bits = new ByteSink();
            Residuals.Write(numbers, classes, bits);

            var read = new ulong[numbers.Length];
            Residuals.Read(classes.Written, [.. bits.Written, .. new byte[Residuals.Padding]], read);

            return read.SequenceEqual(numbers);
        }, iter: 2000);
    }

    [Test]
    public void A_unit_whose_streams_are_too_short_is_refused()
    {
        var builder = new UnitBuilder();
        builder.AddValues([.. Enumerable.Range(0, 100).Select(i => BitConverter.DoubleToInt64Bits(i * i * 1000))], Times(0, Enumerable.Repeat(1L, 100), 100));
        byte[] plain = [.. builder.Heads.Written, .. builder.Classes.Written];
        byte[] bits = [.. builder.Bits.Written, .. new byte[Residuals.Padding]];
        Assert.That(builder.Bits.Length, Is.GreaterThan(0));

        Assert.That(() => new ColumnUnit(plain[..^1], builder.Heads.Length, bits, 1), Throws.TypeOf<CorruptDataException>());
        Assert.That(() => new ColumnUnit(plain, builder.Heads.Length, bits[..^1], 1), Throws.TypeOf<CorruptDataException>());
        Assert.That(() => new ColumnUnit(plain, builder.Heads.Length, bits, 2), Throws.TypeOf<CorruptDataException>());
    }

    [Test]
    public void A_counter_of_nanoseconds_in_seconds_costs_what_its_noise_costs()
    {
        // 20 bits of noise on top of a steady rate: 2.5 bytes cannot be saved, and little more is spent.
        var random = new Random(1);
        long[] times = Times(0, Enumerable.Range(0, 1000).Select(_ => 12_500L + random.Next(5_000)), 1000);
        long[] bits = [.. times.Select(time => BitConverter.DoubleToInt64Bits(((time * 100_000) + random.Next(1 << 20)) / 1e9))];
        var builder = new UnitBuilder();

        builder.AddValues(bits, times);

        // The class is the part that compression shrinks further.
        Assert.That(builder.Bits.Length, Is.LessThan(1000 * 21 / 8));
    }

    [Test]
    public void What_is_constant_costs_a_dozen_bytes_however_long_it_is()
    {
        var builder = new UnitBuilder();

        builder.AddValues([.. Enumerable.Repeat(BitConverter.DoubleToInt64Bits(double.NaN), 1000)], Times(0, Enumerable.Repeat(1L, 1000), 1000));

        Assert.That(builder.Heads.Length + builder.Classes.Length + builder.Bits.Length, Is.LessThan(12));
    }

    private static Gen<long> OneOf(params long[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static ColumnUnit Unit(UnitBuilder builder) =>
        new([.. builder.Heads.Written, .. builder.Classes.Written], builder.Heads.Length, [.. builder.Bits.Written, .. new byte[Residuals.Padding]], builder.Columns);

    private static IEnumerable<long> Scan(long start, IEnumerable<long> steps)
    {
        foreach (long step in steps)
            yield return start += step;
    }

    private static long[] Times(long start, IEnumerable<long> steps, int count) => [.. Scan(start, steps).Take(count)];
}
