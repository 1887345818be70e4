using CsCheck;
using Observability.Collector.Scraping;

namespace Observability.Collector.Tests.Scraping;

internal sealed class ScrapeScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Test]
    public void Times_are_a_whole_interval_apart_and_never_late() =>
        Gen.Select(Gen.String[1, 20], Gen.Long[1_600_000_000_000, 1_900_000_000_000]).Sample((node, now) =>
        {
            var schedule = new ScrapeSchedule(node, Interval, TimeSpan.FromSeconds(60));

            long first = schedule.Next(now);

            Assert.That(first - now, Is.InRange(1, 15_000));
            Assert.That(schedule.Next(first) - first, Is.EqualTo(15_000));
            Assert.That(Enumerable.Range(0, 4).Count(i => schedule.IsSummaryDue(first + i * 15_000)), Is.EqualTo(1));
        });

    [Test]
    public void Nodes_are_scraped_at_different_times() =>
        Assert.That(Enumerable.Range(0, 20).Select(i => new ScrapeSchedule("node-" + i, Interval, Interval).Next(1_700_000_000_000)).Distinct().Count(),
            Is.GreaterThan(15));
}
