using CsCheck;
using Google.Protobuf;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;

namespace Observability.Protocol.Tests.Ingest;

internal sealed class BatchCodecTests
{
    private const int MaxSamples = 10_000;
    private const long ScrapeTimeMs = 1_700_000_000_000;

    private static readonly Gen<double> Values = Gen.Frequency(
        (4, Gen.Long[0, 1L << 40].Select(value => (double)value)),
        (2, Gen.Long.Select(BitConverter.Int64BitsToDouble)), // any bits: NaN payloads, infinities, subnormals
        (2, Gen.Double[-1e6, 1e6]),
        (1, OneOf(0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF0000000000002), 1L << 53, -(1L << 53),
            (double)(1L << 53) + 2, double.PositiveInfinity, double.MinValue, double.Epsilon)));

    private static readonly Gen<long> Times = Gen.Frequency(
        (8, Gen.Long[-30_000, 30_000].Select(offset => ScrapeTimeMs + offset)),
        (1, OneOf(long.MinValue, long.MaxValue, 0L)));

    private static readonly Gen<BatchSample[]> Samples =
        Gen.Select(Gen.UInt[1, uint.MaxValue], Times, Values, (reference, time, value) => new BatchSample(reference, time, value)).Array[0, 200];

    [Test]
    public void Any_samples_come_back_to_the_bit_in_their_order() =>
        Samples.Sample(samples =>
        {
            ScrapeBatch batch = Encoded(samples);

            List<BatchSample> decoded = Decoded(batch);

            Assert.That(decoded.Select(Bits), Is.EqualTo(samples.Select(Bits)));
        });

    [Test]
    public void A_batch_that_went_through_protobuf_is_the_same() =>
        Samples.Sample(samples =>
        {
            ScrapeBatch batch = ScrapeBatch.Parser.ParseFrom(Encoded(samples).ToByteArray());

            Assert.That(Decoded(batch).Select(Bits), Is.EqualTo(samples.Select(Bits)));
        });

    [Test]
    public void Whatever_decodes_is_what_the_encoder_would_have_written() =>
        Gen.Select(Gen.Byte.Array[0, 12], Gen.Byte.Array[0, 12], Gen.Byte.Array[0, 12], Gen.UInt[0, 12]).Sample((refs, times, values, count) =>
        {
            var batch = Columns(refs, times, values, count);
            var samples = new List<BatchSample>();
            try
            {
                BatchCodec.Decode(batch, MaxSamples, samples);
            }
            catch (BatchFormatException)
            {
                Assert.That(samples, Is.Empty);
                return;
            }

            // Times may be split into more runs than needed, so only the samples are compared.
            Assert.That(Decoded(Encoded([.. samples])).Select(Bits), Is.EqualTo(samples.Select(Bits)));
        }, iter: 100_000);

    [Test]
    public void A_damaged_batch_fails_with_the_declared_error_or_still_reads() =>
        Gen.Select(Samples, Gen.Int[0, 2], Gen.Int[0, int.MaxValue], Gen.Byte, Gen.Bool).Sample((samples, column, at, replacement, cut) =>
        {
            ScrapeBatch batch = Encoded(samples);
            byte[][] columns = [batch.Refs.ToByteArray(), batch.Times.ToByteArray(), batch.Values.ToByteArray()];
            if (columns[column].Length == 0)
                return;
            int position = at % columns[column].Length;
            if (cut)
                columns[column] = columns[column][..position];
            else
                columns[column][position] = replacement;
            ScrapeBatch damaged = Columns(columns[0], columns[1], columns[2], batch.Count);

            bool reads = true;
            try
            {
                Decoded(damaged); // any other exception fails the test
            }
            catch (BatchFormatException)
            {
                reads = false;
            }

            Assert.That(cut && reads, Is.False);
        });

    [Test]
    public void Rows_of_one_time_and_neighbouring_refs_cost_a_byte_beside_the_value()
    {
        BatchSample[] samples = [.. Enumerable.Range(1, 100).Select(n => new BatchSample((uint)n, ScrapeTimeMs - 8_000, 7))];

        ScrapeBatch batch = Encoded(samples);

        Assert.That((batch.Refs.Length, batch.Times.Length, batch.Values.Length), Is.EqualTo((100, 3, 100)));
    }

    [TestCase(0u, "", "", "", TestName = "An_empty_batch_is_read")]
    [TestCase(1u, "02", "0100", "04", TestName = "A_batch_as_the_wire_describes_it_is_read")]
    public void A_batch_is_read(uint count, string refs, string times, string values)
    {
        ScrapeBatch batch = Columns(Convert.FromHexString(refs), Convert.FromHexString(times), Convert.FromHexString(values), count);

        List<BatchSample> samples = Decoded(batch);

        Assert.That(samples, Is.EqualTo(count == 0 ? [] : new[] { new BatchSample(1, ScrapeTimeMs, 1) }));
    }

    [TestCase(1u, "00", "0100", "04", TestName = "A_ref_of_zero_is_refused")]
    [TestCase(1u, "01", "0100", "04", TestName = "A_negative_ref_is_refused")]
    [TestCase(1u, "FEFFFFFF7F", "0100", "04", TestName = "A_ref_over_32_bits_is_refused")]
    [TestCase(1u, "8200", "0100", "04", TestName = "A_number_with_a_needless_byte_is_refused")]
    [TestCase(1u, "82", "0100", "04", TestName = "A_number_that_does_not_end_is_refused")]
    [TestCase(1u, "FFFFFFFFFFFFFFFFFF02", "0100", "04", TestName = "A_number_over_64_bits_is_refused")]
    [TestCase(1u, "02", "0000", "04", TestName = "An_empty_run_is_refused")]
    [TestCase(1u, "02", "0200", "04", TestName = "A_run_longer_than_the_batch_is_refused")]
    [TestCase(1u, "02", "01000100", "04", TestName = "A_run_too_many_is_refused")]
    [TestCase(1u, "02", "01", "04", TestName = "A_run_without_its_time_is_refused")]
    [TestCase(1u, "02", "0100", "0404", TestName = "A_value_too_many_is_refused")]
    [TestCase(1u, "02", "0100", "03", TestName = "A_value_of_an_unknown_form_is_refused")]
    [TestCase(1u, "02", "0100", "0100000000000000", TestName = "A_value_cut_short_is_refused")]
    [TestCase(1u, "02", "0100", "FEFFFFFFFFFFFFFFFF01", TestName = "An_integer_no_double_holds_is_refused")]
    [TestCase(2u, "02", "0200", "0404", TestName = "A_claim_of_more_samples_than_refs_is_refused")]
    [TestCase(2u, "0202", "0200", "04", TestName = "A_claim_of_more_samples_than_values_is_refused")]
    [TestCase(0u, "02", "", "", TestName = "A_ref_too_many_is_refused")]
    [TestCase(uint.MaxValue, "02", "0100", "04", TestName = "An_absurd_claim_is_refused")]
    public void A_batch_is_refused(uint count, string refs, string times, string values)
    {
        ScrapeBatch batch = Columns(Convert.FromHexString(refs), Convert.FromHexString(times), Convert.FromHexString(values), count);

        Assert.That(() => Decoded(batch), Throws.TypeOf<BatchFormatException>());
    }

    [Test]
    public void A_batch_over_the_limit_is_refused_whole()
    {
        ScrapeBatch batch = Encoded([new(1, ScrapeTimeMs, 1), new(2, ScrapeTimeMs, 2)]);
        var samples = new List<BatchSample> { new(9, 9, 9) };

        Assert.That(() => BatchCodec.Decode(batch, 1, samples), Throws.TypeOf<BatchFormatException>());
        Assert.That(samples, Is.Empty);
    }

    [Test]
    public void A_ref_of_zero_is_not_written() =>
        Assert.That(() => Encoded([new(0, ScrapeTimeMs, 1)]), Throws.ArgumentException);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static ScrapeBatch Encoded(BatchSample[] samples)
    {
        var batch = new ScrapeBatch { ScrapeTimeMs = ScrapeTimeMs };
        BatchCodec.Encode(samples, batch);
        return batch;
    }

    private static List<BatchSample> Decoded(ScrapeBatch batch)
    {
        var samples = new List<BatchSample>();
        BatchCodec.Decode(batch, MaxSamples, samples);
        return samples;
    }

    private static ScrapeBatch Columns(byte[] refs, byte[] times, byte[] values, uint count) => new()
    {
        ScrapeTimeMs = ScrapeTimeMs,
        Refs = ByteString.CopyFrom(refs),
        Times = ByteString.CopyFrom(times),
        Values = ByteString.CopyFrom(values),
        Count = count,
    };

    private static (uint Ref, long Time, long Bits) Bits(BatchSample sample) =>
        (sample.Ref, sample.TimestampMs, BitConverter.DoubleToInt64Bits(sample.Value));
}
