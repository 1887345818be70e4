using Observability.Exposition.Tests.Caching;

namespace Observability.Exposition.Tests;

/// <summary>Each limit, for the plain reader and for the cache at once: both must say the same.</summary>
public sealed class ExpositionLimitsTests
{
    [Test]
    public void A_line_too_long_costs_that_line()
    {
        var limits = new ExpositionLimits { MaxLineBytes = 20 };
        string fits = "up{job=\"abcdef\"} 123";
        string page = $"{fits}\n{fits}4\n{new string(' ', 21)}\n# {new string('x', 30)}\n{fits}\r\nlast 1\n";

        Assert.That(Faults(page, limits), Is.EqualTo("LineTooLong 3, rows 6, None"));
    }

    [Test]
    public void A_line_without_end_is_not_kept_in_memory()
    {
        using var cache = new RowCache(new ExpositionLimits { MaxLineBytes = 100 });
        var sink = new RecordingSink();
        byte[] endless = Pages.Utf8(new string('x', 1 << 20));
        cache.Scrape(endless, sink, pieces: 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        cache.Begin(ExpositionFormat.Text);
        for (int at = 0; at < endless.Length; at += 1024) cache.Feed(endless.AsSpan(at, 1024), ref sink);
        cache.Feed("\nup 1\n"u8, ref sink);
        PageSummary summary = cache.End(ref sink);

        Assert.That((summary.BadRows[RowFault.LineTooLong], summary.Samples), Is.EqualTo((1, 1)));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4096));
    }

    [Test]
    public void Too_many_labels_cost_the_row()
    {
        var limits = new ExpositionLimits { MaxLabels = 2 };

        Assert.That(Faults("up{a=\"1\",b=\"2\"} 1\nup{a=\"1\",b=\"2\",c=\"3\"} 1\nlast 1\n", limits), Is.EqualTo("TooManyLabels 1, rows 3, None"));
    }

    [Test]
    public void A_name_too_long_costs_the_row()
    {
        var limits = new ExpositionLimits { MaxNameBytes = 4 };
        string page = "abcd 1\nabcde 1\nup{abcde=\"1\"} 1\n{\"abcde\"} 1\n# TYPE abcde gauge\nup{abcd=\"1\"} 1\n";

        Assert.That(Faults(page, limits), Is.EqualTo("NameTooLong 4, rows 6, None"));
    }

    [Test]
    public void A_label_value_too_long_costs_the_row()
    {
        var limits = new ExpositionLimits { MaxLabelValueBytes = 4 };

        Assert.That(Faults("up{a=\"1234\"} 1\nup{a=\"\\n\\n\\n\\n\"} 1\nup{a=\"12345\"} 1\nlast 1\n", limits), Is.EqualTo("LabelValueTooLong 1, rows 4, None"));
    }

    [TestCase(10, PageFault.None, 2)]
    [TestCase(9, PageFault.BodyTooLarge, 1)]
    [TestCase(5, PageFault.BodyTooLarge, 1)]
    [TestCase(4, PageFault.BodyTooLarge, 0)]
    public void A_body_too_large_ends_the_page(int most, PageFault fault, int rows)
    {
        Assert.That(Faults("up 1\nup 2\n", new ExpositionLimits { MaxBodyBytes = most }), Is.EqualTo($"rows {rows}, {fault}"));
    }

    [TestCase(3, PageFault.None, 3)]
    [TestCase(2, PageFault.TooManyRows, 2)]
    public void Too_many_rows_end_the_page(int most, PageFault fault, int rows)
    {
        var limits = new ExpositionLimits { MaxRows = most };

        Assert.That(Faults("# TYPE up gauge\nup 1\nup 2\n# HELP up x\ndown 3\n", limits), Is.EqualTo($"rows {rows}, {fault}"));
    }

    [Test]
    public void Bad_rows_count_towards_the_rows_of_a_page()
    {
        Assert.That(Faults("1\n2\n3\n", new ExpositionLimits { MaxRows = 2 }), Is.EqualTo("BadStart 2, rows 2, TooManyRows"));
    }

    [Test]
    public void A_page_over_a_limit_is_over_it_again_when_its_rows_are_known()
    {
        using var cache = new RowCache(new ExpositionLimits { MaxRows = 2 });
        var sink = new RecordingSink();
        for (int round = 0; round < 3; round++)
        {
            sink.Forget();

            PageSummary summary = cache.Scrape("a 1\nb 2\nc 3\nd 4\n", sink);

            Assert.That((summary.Fault, summary.Rows, sink.Samples.Count), Is.EqualTo((PageFault.TooManyRows, 2, 2)));
        }
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    public void A_limit_has_limits(int value)
    {
        Assert.That(() => new ExpositionLimits { MaxBodyBytes = value }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ExpositionLimits { MaxRows = value }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ExpositionLimits { MaxLabels = value }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ExpositionLimits { MaxLineBytes = value }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ExpositionLimits { MaxNameBytes = value }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ExpositionLimits { MaxLabelValueBytes = value }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    // Through the reader, and through the cache in one piece, in tiny ones, and with the keys known.
    private static string Faults(string text, ExpositionLimits limits)
    {
        byte[] page = Pages.Utf8(text);
        (List<string> samples, RowFaultCounts bad, PageFault fault) = Scrapes.ReadFresh(page, ExpositionFormat.Text, limits);
        using var cache = new RowCache(limits);
        var sink = new RecordingSink();
        foreach (int piece in (int[])[page.Length, page.Length, 1, 3, 7])
        {
            sink.Forget();
            PageSummary summary = cache.Scrape(page, sink, pieces: piece);
            Assert.That((summary.BadRows, summary.Fault, summary.Rows), Is.EqualTo((bad, fault, samples.Count + bad.Total)), $"in pieces of {piece}");
            Assert.That(sink.Samples, Is.EqualTo(samples));
        }
        return $"{(bad.Total == 0 ? "" : bad + ", ")}rows {samples.Count + bad.Total}, {fault}";
    }
}
