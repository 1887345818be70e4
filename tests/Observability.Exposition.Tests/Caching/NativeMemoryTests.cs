using Observability.Benchmarks.Exposition;

namespace Observability.Exposition.Tests.Caching;

public sealed class NativeMemoryTests
{
    private const int MostBytes = 3_000_000;

    [Test]
    public void A_page_of_21_000_rows_is_remembered_in_3_MB_also_while_rows_come_and_go()
    {
        using var cache = new RowCache(ExpositionLimits.Default);
        var sink = new RecordingSink(_ => RowSlot.Skip);
        var page = new KubeletPage(rows: 21_000, seed: 7);
        var smaller = new KubeletPage(rows: 20_000, seed: 7);    // the same cluster with some pods less

        PageSummary first = cache.Scrape(page.Render(0), sink);
        long alone = cache.NativeBytes;
        long most = alone;
        for (int scrape = 1; scrape <= 6; scrape++)
        {
            PageSummary summary = cache.Scrape((scrape % 2 == 0 ? page : smaller).Render(scrape), sink);
            most = Math.Max(most, cache.NativeBytes);
            Assert.That(summary.Hits, Is.GreaterThan(18_000));
        }

        TestContext.Out.WriteLine($"{alone} bytes after the first page, {most} at most");
        Assert.That((first.Rows, first.Defined), Is.EqualTo((21_000, 21_000)));
        Assert.That(alone, Is.InRange(1_000_000, MostBytes));
        Assert.That(most, Is.LessThanOrEqualTo(MostBytes));
    }
}
