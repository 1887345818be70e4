using CsCheck;
using Observability.Storage.Chunks;

namespace Observability.Storage.Tests.Chunks;

internal sealed class XorChunkTests
{
    [Test]
    public void The_first_bytes_are_those_of_the_format_description()
    {
        // Written down by hand from the description of Prometheus's chunk, a field a line.
        string expected = string.Concat(
            "0000000000000101",                                 // five samples
            "11010000", "00001111",                             // 1000 ms: zigzag 2000, as a varint
            "0011111111110000" + new string('0', 48),           // 1.0
            "00001111",                                         // 15 ms later, as a varint
            "0",                                                // the same value
            "0",                                                // again 15 ms
            "11" + "00001" + "001011" + "11111111111",          // 2.0: xor 0x7FF0…, 1 zero before and 11 bits
            "10" + "00000000000001",                            // 16 ms: one more
            "10" + "00000000001",                               // xor 0x0010…: fits the window of before
            "110" + "00010011011010000",                        // 16 + 9936 ms: a difference of 14 bits does not hold it
            "0");

        byte[] chunk = Write((1000, 1.0), (1015, 1.0), (1030, 2.0), (1046, BitConverter.Int64BitsToDouble(0x4010L << 48)),
            (1046 + 16 + 9936, BitConverter.Int64BitsToDouble(0x4010L << 48)));

        Assert.That(Bits(chunk), Is.EqualTo(expected.PadRight((expected.Length + 7) / 8 * 8, '0')));
    }

    [Test]
    public void A_constant_with_even_times_takes_48_bytes_for_120_samples()
    {
        byte[] chunk = Write([.. Enumerable.Range(0, 120).Select(i => (1_700_000_000_000 + (i * 15_000L), 42.0))]);

        Assert.That(chunk, Has.Length.EqualTo(48));
    }

    [TestCase(-8191, 16)]
    [TestCase(8192, 16)]
    [TestCase(-8192, 20)]
    [TestCase(8193, 20)]
    [TestCase(-65535, 20)]
    [TestCase(65536, 20)]
    [TestCase(-65536, 24)]
    [TestCase(65537, 24)]
    [TestCase(-524287, 24)]
    [TestCase(524288, 24)]
    [TestCase(-524288, 68)]
    [TestCase(524289, 68)]
    public void A_change_of_the_interval_takes_the_bits_of_its_size(long change, int bits)
    {
        const long Interval = 1_000_000;
        (long, double)[] samples = [(0, 1), (Interval, 1), (Interval + Interval + change, 1)];

        var state = new XorState();
        byte[] buffer = new byte[256];
        XorChunk.Append(ref state, buffer, samples[0].Item1, 0);
        XorChunk.Append(ref state, buffer, samples[1].Item1, 0);
        int before = state.BitLength;
        XorChunk.Append(ref state, buffer, samples[2].Item1, 0);

        Assert.That(state.BitLength - before, Is.EqualTo(bits + 1)); // and one for the value
        Assert.That(Read(buffer), Is.EqualTo(new[] { (0L, 0L), (Interval, 0L), (Interval + Interval + change, 0L) }));
    }

    [Test]
    public void Any_rising_times_with_any_bits_come_back_as_they_were()
    {
        Gen<long> steps = Gen.OneOf(Gen.Long[1, 20], Gen.Long[14_990, 15_010], Gen.Long[1, 1L << 40], Gen.Const(15_000L));
        Gen<long> values = Gen.OneOf(Gen.Long, Gen.Double.Select(BitConverter.DoubleToInt64Bits), Gen.Const(Model.StaleMarker.Bits),
            Gen.Long[0, 3].Select(i => BitConverter.DoubleToInt64Bits(i)), Gen.Const(BitConverter.DoubleToInt64Bits(double.NaN)),
            Gen.Int[0, 63].Select(i => 1L << i), Gen.Const(-1L));

        Gen.Select(Gen.Long[-(1L << 50), 1L << 50], Gen.Select(steps, values).Array[1, 150]).Sample((start, rest) =>
        {
            var written = new List<(long, long)>();
            var state = new XorState();
            byte[] buffer = new byte[4096];
            Array.Fill(buffer, (byte)0xA5); // what a pooled buffer held before must not matter
            foreach ((long step, long bits) in rest)
            {
                start += step;
                written.Add((start, bits));
                XorChunk.Append(ref state, buffer, start, bits);
            }

            Array.Fill(buffer, (byte)0x5A, state.ByteLength, 64);
            return Read(buffer).SequenceEqual(written);
        });
    }

    [Test]
    public void The_longest_samples_stay_within_the_headroom()
    {
        var state = new XorState();
        byte[] buffer = new byte[2560];
        long time = long.MinValue, step = 1;

        for (int i = 0; i < XorChunk.TargetSamples; i++)
        {
            Assert.That(XorChunk.HasRoom(state, buffer.Length), Is.True);
            // Intervals that swing and values that share no bit with the last: nothing is longer.
            XorChunk.Append(ref state, buffer, time, i % 2 == 0 ? 0 : -1);
            time += step;
            step = i % 2 == 0 ? 1L << 56 : 1;
        }

        Assert.That(Read(buffer), Has.Count.EqualTo(XorChunk.TargetSamples));
    }

    private static byte[] Write(params (long TimestampMs, double Value)[] samples)
    {
        var state = new XorState();
        byte[] buffer = new byte[4096];
        foreach ((long timestampMs, double value) in samples)
            XorChunk.Append(ref state, buffer, timestampMs, BitConverter.DoubleToInt64Bits(value));
        return buffer[..state.ByteLength];
    }

    private static List<(long TimestampMs, long Bits)> Read(byte[] chunk)
    {
        var samples = new List<(long, long)>();
        var reader = new XorReader(chunk);
        while (reader.MoveNext())
            samples.Add((reader.TimestampMs, reader.ValueBits));
        return samples;
    }

    private static string Bits(byte[] bytes) => string.Concat(bytes.Select(part => part.ToString("b8", System.Globalization.CultureInfo.InvariantCulture)));
}
