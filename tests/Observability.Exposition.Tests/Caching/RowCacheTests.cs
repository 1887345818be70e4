using System.Globalization;
using System.Text;

namespace Observability.Exposition.Tests.Caching;

public sealed class RowCacheTests
{
    private readonly RowCache _cache = new(ExpositionLimits.Default);
    private readonly RecordingSink _sink = new();

    [TearDown]
    public void Free() => _cache.Dispose();

    [Test]
    public void A_new_row_is_defined_once_and_sampled_at_every_page()
    {
        PageSummary first = _cache.Scrape("up{job=\"x\"} 1\n", _sink);
        PageSummary second = _cache.Scrape("up{job=\"x\"} 2\n", _sink);

        Assert.That(_sink.Defined, Is.EqualTo(new[] { "up{job=\"x\"} Untyped" }));
        Assert.That(_sink.Samples, Has.Count.EqualTo(2));
        Assert.That((first.Rows, first.Defined, first.Hits, first.Samples), Is.EqualTo((1, 1, 0, 1)));
        Assert.That((second.Rows, second.Defined, second.Hits, second.Samples), Is.EqualTo((1, 0, 1, 1)));
    }

    [Test]
    public void A_sink_sees_the_whole_row_when_it_defines_it()
    {
        var sink = new CopyingSink();

        Scrape("# TYPE a counter\na{x=\"q\\\"\",y=\"\"} 1.5 1700000000000\n", ref sink);

        Assert.That(sink.Seen, Is.EqualTo(new[] { "a{x=q\",y=} 1.5 @1700000000000 Counter" }));
    }

    [Test]
    public void Skipped_rows_are_not_asked_about_again_nor_read()
    {
        var sink = new RecordingSink(_ => RowSlot.Skip);
        _cache.Scrape("a 1\nb 2\n", sink);
        sink.Forget();

        PageSummary summary = _cache.Scrape("a 3\nb this is not even a number\n", sink);

        Assert.That(sink.Defined, Is.Empty);
        Assert.That(sink.Samples, Is.Empty);
        Assert.That((summary.Rows, summary.Hits, summary.Skipped, summary.BadRows.Total), Is.EqualTo((2, 2, 2, 0)));
    }

    [Test]
    public void An_undecided_row_is_asked_about_at_every_page_until_it_is_decided()
    {
        int asked = 0;
        var sink = new RecordingSink(_ => ++asked < 3 ? RowSlot.AskAgain : null);

        for (int round = 0; round < 4; round++) _cache.Scrape($"a {round}\n", sink);

        Assert.That(asked, Is.EqualTo(3));
        Assert.That(sink.Samples, Has.Count.EqualTo(2));
    }

    [Test]
    public void An_undecided_row_that_moved_is_asked_about_once_more()
    {
        var sink = new RecordingSink(key => key.StartsWith("late", StringComparison.Ordinal) ? RowSlot.AskAgain : null);
        string others = string.Concat(Enumerable.Range(0, 20).Select(i => $"m{i} 1\n"));
        _cache.Scrape(others + "late 1\n", sink);
        sink.Forget();

        PageSummary summary = _cache.Scrape("late 1\n" + others, sink);

        Assert.That(sink.Defined, Is.EqualTo(new[] { "late Untyped" }));
        Assert.That((summary.Defined, summary.Hits, summary.Skipped), Is.EqualTo((1, 20, 1)));
    }

    [Test]
    public void A_stale_slot_is_defined_again_and_others_are_not()
    {
        _cache.Scrape("a 1\nb 1\nc 1\n", _sink);
        _sink.Forget();

        _cache.Invalidate(slot => slot == 1);
        _cache.Scrape("a 1\nb 1\nc 1\n", _sink);

        Assert.That(_sink.Defined, Is.EqualTo(new[] { "b Untyped" }));
        Assert.That(_sink.Samples, Has.Count.EqualTo(3));
    }

    [Test]
    public void Many_rows_may_share_a_slot()
    {
        var sink = new ConstantSink();

        Scrape("a 1\nb 2\n", ref sink);
        Scrape("a 3\nb 4\n", ref sink);

        Assert.That(sink.Sum, Is.EqualTo(10));
    }

    [Test]
    public void A_family_that_changes_its_type_is_defined_again()
    {
        _cache.Scrape("# TYPE a counter\na 1\n# TYPE b gauge\nb 1\n", _sink);
        _sink.Forget();

        _cache.Scrape("# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n", _sink);

        Assert.That(_sink.Defined, Is.EqualTo(new[] { "a Gauge" }));
    }

    [Test]
    public void A_family_that_loses_its_type_line_is_defined_again()
    {
        _cache.Scrape("# TYPE a counter\na 1\n", _sink);
        _sink.Forget();

        _cache.Scrape("a 1\n", _sink);

        Assert.That(_sink.Defined, Is.EqualTo(new[] { "a Untyped" }));
    }

    [Test]
    public void A_row_that_was_away_for_a_page_is_defined_again()
    {
        _cache.Scrape("a 1\nb 1\n", _sink);
        _cache.Scrape("a 1\n", _sink);
        _sink.Forget();

        _cache.Scrape("a 1\nb 1\n", _sink);

        Assert.That(_sink.Defined, Is.EqualTo(new[] { "b Untyped" }));
    }

    [Test]
    public void A_row_that_appears_twice_gives_two_samples_and_is_defined_once()
    {
        PageSummary first = _cache.Scrape("a 1\na 2\n", _sink);
        PageSummary second = _cache.Scrape("a 1\na 2\n", _sink);

        Assert.That(_sink.Defined, Has.Count.EqualTo(1));
        Assert.That(_sink.Samples, Has.Count.EqualTo(4));
        Assert.That((first.Hits, second.Hits), Is.EqualTo((1, 2)));
    }

    [Test]
    public void A_known_row_with_a_bad_value_costs_that_row_and_stays_known()
    {
        _cache.Scrape("a 1\nb 1\n", _sink);
        _sink.Forget();

        PageSummary bad = _cache.Scrape("a x\nb 2\n", _sink);
        PageSummary good = _cache.Scrape("a 3\nb 3\n", _sink);

        Assert.That((bad.BadRows[RowFault.BadValue], bad.Hits, bad.Samples), Is.EqualTo((1, 1, 1)));
        Assert.That((good.Hits, good.Samples), Is.EqualTo((2, 2)));
        Assert.That(_sink.Defined, Is.Empty);
    }

    [Test]
    public void A_row_whose_key_begins_like_a_known_one_is_another_row()
    {
        _cache.Scrape("up 1\nup{a=\"b\"} 1\n", _sink);
        _sink.Forget();

        _cache.Scrape("up {a=\"c\"} 1\nup{a=\"b\"}2\nup_time 1\n", _sink);

        Assert.That(_sink.Defined, Is.EqualTo(new[] { "up {a=\"c\"} Untyped", "up_time Untyped" }));
        Assert.That(_sink.Samples, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_page_that_is_not_ended_is_as_if_it_had_not_been_read()
    {
        RecordingSink sink = _sink;
        _cache.Scrape("a 1\nb 1\n", sink);
        _cache.Begin(ExpositionFormat.Text);
        _cache.Feed("c 1\nd 1\ne 1"u8, ref sink);
        sink.Forget();

        PageSummary summary = _cache.Scrape("a 2\nb 2\n", sink);

        Assert.That((summary.Hits, sink.Samples.Count), Is.EqualTo((2, 2)));
    }

    [Test]
    public void A_cleared_cache_knows_nothing_and_holds_nothing()
    {
        _cache.Scrape("a 1\nb 1\n", _sink);
        _sink.Forget();

        _cache.Clear();

        Assert.That(_cache.NativeBytes, Is.Zero);
        _cache.Scrape("a 1\nb 1\n", _sink);
        Assert.That(_sink.Defined, Has.Count.EqualTo(2));
    }

    [Test]
    public void An_OpenMetrics_page_without_its_end_is_incomplete_however_it_is_cut()
    {
        string page = "a_total 1 2.5\nb{x=\"1\"} 2 # {t=\"y\"} 1\n";
        foreach (int piece in (int[])[1, 2, 1000])
        {
            PageSummary cut = _cache.Scrape(page, _sink, ExpositionFormat.OpenMetrics, piece);
            PageSummary whole = _cache.Scrape(page + "# EOF\n", _sink, ExpositionFormat.OpenMetrics, piece);
            PageSummary more = _cache.Scrape(page + "# EOF\nx 1\n", _sink, ExpositionFormat.OpenMetrics, piece);

            Assert.That((cut.Fault, cut.Complete, cut.Samples), Is.EqualTo((PageFault.MissingEof, false, 2)));
            Assert.That((whole.Fault, whole.Complete, whole.Samples), Is.EqualTo((PageFault.None, true, 2)));
            Assert.That((more.Fault, more.Complete, more.Samples), Is.EqualTo((PageFault.DataAfterEof, false, 2)));
        }
        Assert.That(_sink.Defined, Has.Count.EqualTo(2));
        Assert.That(_sink.Samples[0], Does.EndWith(" 2500"));
    }

    [Test]
    public void A_second_equal_page_allocates_nothing_and_hits_every_row()
    {
        byte[] page = CgroupPage(rows: 2000, value: 1);
        var sink = new ConstantSink();
        Scrape(page, ref sink);
        Scrape(page, ref sink);
        long before = GC.GetAllocatedBytesForCurrentThread();

        PageSummary summary = Scrape(page, ref sink);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That((summary.Rows, summary.Hits, summary.Defined), Is.EqualTo((2000, 2000, 0)));
    }

    [Test]
    public void A_page_with_new_and_moved_rows_allocates_nothing_either()
    {
        byte[] page = CgroupPage(rows: 2000, value: 1);
        byte[] other = [.. CgroupPage(rows: 1000, value: 2), .. Pages.Utf8("late 1\n"), .. CgroupPage(rows: 2100, value: 3)];
        var sink = new ConstantSink();
        for (int warm = 0; warm < 3; warm++)
        {
            Scrape(page, ref sink);
            Scrape(other, ref sink);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();

        Scrape(page, ref sink);
        Scrape(other, ref sink);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Memory_stays_bounded_while_rows_come_and_go()
    {
        var sink = new ConstantSink();
        long most = 0;
        for (int round = 0; round < 200; round++)
        {
            Scrape(CgroupPage(rows: 1000, value: round, generation: round), ref sink);
            if (round == 5) most = _cache.NativeBytes;
        }

        Assert.That(_cache.NativeBytes, Is.LessThanOrEqualTo(2 * most));
    }

    [Test]
    public void Reading_without_a_begun_page_is_refused()
    {
        RecordingSink sink = _sink;

        Assert.That(() => _cache.Feed("a 1\n"u8, ref sink), Throws.InvalidOperationException);
        Assert.That(() => _cache.End(ref sink), Throws.InvalidOperationException);
    }

    private static byte[] CgroupPage(int rows, int value, int generation = 0)
    {
        var page = new StringBuilder();
        for (int i = 0; i < rows; i++)
        {
            if (i % 100 == 0) page.Append(CultureInfo.InvariantCulture, $"# HELP container_family_{i / 100} Something.\n# TYPE container_family_{i / 100} counter\n");
            page.Append(CultureInfo.InvariantCulture,
                $"container_family_{i / 100}{{container=\"c{i % 100}\",id=\"/kubepods/pod{generation}/{i % 100:x64}\"}} {value + i}.5 {1_700_000_000_000 + value}\n");
        }
        return Pages.Utf8(page.ToString());
    }

    private PageSummary Scrape<TSink>(string page, ref TSink sink) where TSink : IRowSink => Scrape(Pages.Utf8(page), ref sink);

    private PageSummary Scrape<TSink>(byte[] page, ref TSink sink) where TSink : IRowSink
    {
        _cache.Begin(ExpositionFormat.Text);
        for (int at = 0; at < page.Length; at += 4096) _cache.Feed(page.AsSpan(at, Math.Min(4096, page.Length - at)), ref sink);
        return _cache.End(ref sink);
    }

    private struct ConstantSink : IRowSink
    {
        internal double Sum { get; private set; }

        public readonly int Define(in SeriesRow row) => 0;

        public void Sample(int slot, double value, long timestampMs) => Sum += value;
    }

    private sealed class CopyingSink : IRowSink
    {
        internal List<string> Seen { get; } = [];

        public int Define(in SeriesRow row)
        {
            Seen.Add(Pages.Shown(row));
            return RowSlot.Skip;
        }

        public void Sample(int slot, double value, long timestampMs) => Assert.Fail("A skipped row has no samples.");
    }
}
