using Google.Protobuf;
using Observability.Collector.Pushing;
using Observability.Protocol.V1;

namespace Observability.Collector.Tests.Pushing;

internal sealed class ResendBufferTests
{
    private const long HalfHourMs = 1_800_000;

    [Test]
    public void What_is_acknowledged_leaves_and_what_is_not_stays_in_order()
    {
        var buffer = new ResendBuffer(1 << 20, HalfHourMs);
        for (ulong sequence = 1; sequence <= 3; sequence++)
            buffer.Add(Batch(sequence, 10), 0);

        buffer.Acknowledge(2);

        Assert.That((buffer.Count, buffer.Next(0)!.Sequence, buffer.Next(3)), Is.EqualTo((1, 3UL, (ScrapeBatch?)null)));
        Assert.That((buffer.TakeLoss(), buffer.LostSamples), Is.EqualTo(((LossReport?)null, 0L)));
    }

    [Test]
    public void What_overflows_goes_oldest_first_and_is_counted_and_reported_once()
    {
        var buffer = new ResendBuffer(5000, HalfHourMs);
        for (ulong sequence = 1; sequence <= 5; sequence++)
            buffer.Add(Batch(sequence, count: 10 * (uint)sequence, bytes: 1500), 0);

        LossReport? loss = buffer.TakeLoss();

        Assert.That(buffer.Bytes, Is.LessThanOrEqualTo(5000));
        Assert.That((buffer.Count, buffer.Next(0)!.Sequence), Is.EqualTo((2, 4UL)));
        Assert.That(loss, Is.EqualTo(new LossReport { Samples = 60, Batches = 3, FromMs = 1000, ToMs = 3000, Reason = "buffer full" }));
        Assert.That((buffer.LostSamples, buffer.TakeLoss()), Is.EqualTo((60L, (LossReport?)null)));
    }

    [Test]
    public void A_batch_that_waited_too_long_is_given_up()
    {
        var buffer = new ResendBuffer(1 << 20, 60_000);
        buffer.Add(Batch(1, 10), 0);
        buffer.Add(Batch(2, 20), 60_000);

        buffer.Add(Batch(3, 30), 60_001);

        Assert.That((buffer.Next(0)!.Sequence, buffer.TakeLoss()!.Samples, buffer.OldestMs), Is.EqualTo((2UL, 10UL, 60_000L)));
    }

    [Test]
    public void The_newest_batch_is_kept_whatever_its_size()
    {
        var buffer = new ResendBuffer(100, HalfHourMs);

        buffer.Add(Batch(1, 10, bytes: 9000), 0);

        Assert.That((buffer.Count, buffer.LostSamples), Is.EqualTo((1, 0L)));
    }

    [Test]
    public void A_report_that_could_not_be_sent_is_joined_with_what_was_lost_since()
    {
        var buffer = new ResendBuffer(100, HalfHourMs);
        buffer.Add(Batch(1, 10), 0);
        buffer.Add(Batch(2, 20), 0);
        LossReport unsent = buffer.TakeLoss()!;
        buffer.Add(Batch(3, 30), 0);

        buffer.ReturnLoss(unsent);

        Assert.That(buffer.TakeLoss(), Is.EqualTo(new LossReport { Samples = 30, Batches = 2, FromMs = 1000, ToMs = 2000, Reason = "buffer full" }));
    }

    [Test]
    public void A_batch_over_the_aggregators_limits_is_dropped_with_that_reason()
    {
        var buffer = new ResendBuffer(1 << 20, HalfHourMs);
        ScrapeBatch batch = Batch(1, 10);
        buffer.Add(batch, 0);

        buffer.Drop(batch, "over the aggregator's limits");

        Assert.That((buffer.Count, buffer.Bytes, buffer.TakeLoss()!.Reason), Is.EqualTo((0, 0L, "over the aggregator's limits")));
    }

    private static ScrapeBatch Batch(ulong sequence, uint count, int bytes = 100) => new()
    {
        Sequence = sequence,
        ScrapeTimeMs = 1000 * (long)sequence,
        Count = count,
        Values = ByteString.CopyFrom(new byte[bytes]),
    };
}
