using CsCheck;
using Observability.Storage.Chunks;

namespace Observability.Storage.Tests.Chunks;

internal sealed class XorValuesTests
{
    [Test]
    public void Any_values_come_back_bit_for_bit() =>
        ValueGenerators.Columns.Sample(values =>
        {
            (byte[] stream, _) = ValueGenerators.Xor(values);
            var decoded = new long[values.Length];
            XorValues.Decode(stream, decoded);
            return decoded.AsSpan().SequenceEqual(values);
        }, iter: 2000);

    [Test]
    public void A_stream_knows_that_it_is_constant() =>
        ValueGenerators.Columns.Sample(values =>
        {
            (_, ushort bits) = ValueGenerators.Xor(values);
            return XorValues.IsConstant(bits, values.Length) == values.All(value => value == values[0]);
        }, iter: 500);
}
