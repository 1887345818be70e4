using CsCheck;
using Observability.Storage.Chunks;

namespace Observability.Storage.Tests.Chunks;

/// <summary>Values as series have them: constants, counters with resets, decimals, jumps, and any bits at all.</summary>
internal static class ValueGenerators
{
    private static readonly Gen<long> Special = Gen.OneOf(
        BitConverter.DoubleToInt64Bits(double.NaN), BitConverter.DoubleToInt64Bits(-0.0), BitConverter.DoubleToInt64Bits(0.0),
        BitConverter.DoubleToInt64Bits(double.PositiveInfinity), BitConverter.DoubleToInt64Bits(double.NegativeInfinity),
        0x7FF0_0000_0000_0002, 0x7FF8_0000_DEAD_BEEF, BitConverter.DoubleToInt64Bits(double.Epsilon), BitConverter.DoubleToInt64Bits(double.MaxValue),
        BitConverter.DoubleToInt64Bits(9007199254740993.0), long.MinValue, -1);

    private static readonly Gen<long> AnyBits = Gen.Frequency((1, Special), (3, Gen.Long), (3, Gen.Double.Select(BitConverter.DoubleToInt64Bits)));

    /// <summary>One shape of series, as bits.</summary>
    public static Gen<long[]> Columns { get; } = Gen.Select(Gen.Int[1, PackedValues.MaxCount], Gen.Int[0, 8], Gen.Int[0, 12], Gen.Int).Select((count, shape, decimals, seed) =>
    {
        var random = new Random(seed);
        double scale = Math.Pow(10, decimals), value = random.Next(1_000_000);
        var values = new long[count];
        for (int i = 0; i < count; i++)
        {
            value = shape switch
            {
                0 => value,                                                        // constant
                1 => value + (random.Next(8) == 0 ? 1 : 0),                        // a slow counter
                2 => random.Next(40) == 0 ? 0 : value + random.Next(100_000),      // a busy one with resets
                3 => value + (4096L * random.Next(-50, 50)),                       // memory
                4 => value + 15_000_000 + random.Next(1000),                       // a steady rate
                5 => random.Next(30) == 0 ? random.NextInt64(1L << 40) : value,    // jumps
                6 => random.NextDouble() * 1e9,                                    // noise
                _ => value + random.NextInt64(-1_000_000_000, 1_000_000_000),
            };
            values[i] = BitConverter.DoubleToInt64Bits(shape == 6 ? value : Math.Truncate(value) / scale);
        }
        return values;
    }).SelectMany(values => Gen.Select(Gen.Int[0, 9], Gen.Int[0, values.Length - 1], AnyBits, AnyBits.Array[values.Length]).Select((kind, at, odd, any) =>
    {
        if (kind == 0)
            return any;
        if (kind == 1)
            values[at] = odd; // one that fits nothing
        return values;
    }));

    /// <summary>The values as a stream with its padding, and its bits.</summary>
    public static (byte[] Stream, ushort Bits) Xor(long[] values)
    {
        var stream = new byte[(values.Length * 10) + 64];
        ushort bits = XorValues.Begin(stream, values[0]);
        byte leading = 0, window = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] == values[i - 1])
                bits++;
            else
                XorValues.AppendChange(stream, ref bits, ref leading, ref window, (ulong)(values[i] ^ values[i - 1]));
        }
        return (stream, bits);
    }
}
