using Observability.Collector.Pushing;
using Observability.Protocol.Ingest;

namespace Observability.Collector.Tests.Pushing;

internal sealed class TimeOrderTests
{
    [Test]
    public void Samples_come_in_the_order_of_their_times_and_those_of_one_time_as_they_came()
    {
        BatchSample[] samples = [new(1, 30, 1), new(2, 10, 2), new(3, 30, 3), new(4, 20, 4), new(5, 10, 5)];

        uint[] refs = [.. new TimeOrder().Sort(samples).ToArray().Select(sample => sample.Ref)];

        Assert.That(refs, Is.EqualTo(new uint[] { 2, 5, 4, 1, 3 }));
    }

    [Test]
    public void It_agrees_with_a_stable_sort_page_after_page()
    {
        var order = new TimeOrder();
        var random = new Random(1);
        foreach (int count in (int[])[0, 1, 2, 500, 7, 2000])
        {
            BatchSample[] samples = [.. Enumerable.Range(1, count).Select(i => new BatchSample((uint)i, random.Next(-20, 20), i))];

            BatchSample[] sorted = order.Sort(samples).ToArray();

            Assert.That(sorted, Is.EqualTo(samples.OrderBy(sample => sample.TimestampMs).ToArray()));
        }
    }
}
