using CsCheck;
using Observability.Storage.Chunks;

namespace Observability.Storage.Tests.Chunks;

internal sealed class PackedValuesTests
{
    [Test]
    public void Any_values_come_back_bit_for_bit() =>
        ValueGenerators.Columns.Sample(values =>
        {
            byte[] packed = Pack(values, out int length);
            var decoded = new long[values.Length];
            PackedValues.Decode(packed.AsSpan(0, length + PackedValues.Padding), decoded);
            return decoded.AsSpan().SequenceEqual(values);
        }, iter: 5000);

    [Test]
    public void No_values_take_more_than_their_xor_stream_and_a_byte() =>
        ValueGenerators.Columns.Sample(values =>
        {
            Pack(values, out int length);
            (_, ushort bits) = ValueGenerators.Xor(values);
            return length <= ((bits + 7) / 8) + 1;
        }, iter: 1000);

    // 120 values of: a constant, a counter that rises now and then, one that rises by about 4096 each time, seconds with 9 decimals.
    [TestCase(0, 4)]
    [TestCase(1, 40)]
    [TestCase(2, 200)]
    [TestCase(3, 480)]
    public void Numbers_as_kubelets_give_them_are_short(int kind, int maxBytes)
    {
        var random = new Random(7);
        double value = 17;
        long[] values = [.. Enumerable.Range(0, PackedValues.MaxCount).Select(_ => BitConverter.DoubleToInt64Bits(value = kind switch
        {
            0 => 4200,
            1 => value + (random.Next(10) == 0 ? 1 : 0),
            2 => value + 4096 + random.Next(1000),
            _ => Math.Round(value + 0.5 + (random.NextDouble() * 0.1), 9),
        }))];

        Pack(values, out int length);

        Assert.That(length, Is.LessThanOrEqualTo(maxBytes));
    }

    private static byte[] Pack(long[] values, out int length)
    {
        var packed = new byte[PackedValues.MaxBytes + PackedValues.Padding];
        (byte[] stream, ushort bits) = ValueGenerators.Xor(values);
        length = XorValues.IsConstant(bits, values.Length)
            ? PackedValues.EncodeConstant(values[0], packed)
            : PackedValues.Encode(values, stream.AsSpan(0, (bits + 7) / 8), packed);
        packed.AsSpan(length).Fill(0xA5); // what is behind does not matter
        return packed;
    }
}
