using System.Globalization;
using System.Text;

namespace Observability.Exposition.Tests.Caching;

/// <summary>Labels are guessed from the family before. A guess may only ever save work: these pages are made to mislead it.</summary>
public sealed class LabelGuessTests
{
    private readonly RowCache _cache = new(ExpositionLimits.Default);
    private readonly RecordingSink _sink = new();

    [TearDown]
    public void Free() => _cache.Dispose();

    [TestCase("a{x=\"1\"} 1\na{x=\"2\"} 1\nb{x=\"1\"} 1\nb{x=\"2\"} 1\n", TestName = "The order of the family before")]
    [TestCase("a{x=\"1\"} 1\na{x=\"2\"} 1\nb{x=\"1\"} 1\nb{x=\"3\"} 1\nb{x=\"2\"} 1\n", TestName = "A row more")]
    [TestCase("a{x=\"1\"} 1\na{x=\"2\"} 1\nb{x=\"1\"} 1\nb{x=\"2\",y=\"1\"} 1\n", TestName = "A label more")]
    [TestCase("a{x=\"1\"} 1\na{x=\"2\"} 1\nb{x=\"1\"} 1\nb {x=\"2\"} 1\n", TestName = "A blank more")]
    [TestCase("a{x=\"1\"} 1\na{x=\"2\"} 1\nb{x=\"1\"} 1\n{\"b\",x=\"2\"} 1\n", TestName = "A name within the braces")]
    [TestCase("{\"a\",x=\"1\"} 1\n{\"a\",x=\"2\"} 1\n{\"a\",x=\"1\"} 1\nb{\"a\",x=\"2\"} 1\n", TestName = "Two names, the second within the braces")]
    [TestCase("a{x=\"1\"} 1\na 1\nb{x=\"1\"} 1\nb 1\nc{x=\"1\"} 1\nc{x=\"2\"} 1\n", TestName = "Rows without labels between")]
    [TestCase("a{x=\"1\"} 1\na{x=\"2\"} 1\nb{x=\"1\"} 1\nb{x=\"2\"}1\nc{x=\"1\"} x\nc{x=\"2\"}} 1\n", TestName = "Other text behind the labels")]
    [TestCase("a{x=\"1\"} 1\na{x=\"2\"} 1\nb{x=\"1\"} 1\n7b{x=\"2\"} 1\nb{x=\"1\"} 1\n{x=\"2\"} 1\n", TestName = "A bad name, and none")]
    [TestCase("a {x=\"1\"} 1\na\t{ x = \"2\" , } 1\nb {x=\"1\"} 1\nb\t{ x = \"2\" , } 1\n", TestName = "Blanks within the labels")]
    public void A_page_that_misleads_the_guess_gives_the_rows_of_a_fresh_read(string page)
    {
        (List<string> fresh, RowFaultCounts bad, _) = Scrapes.ReadFresh(Pages.Utf8(page));

        PageSummary summary = _cache.Scrape(page, _sink);

        Assert.That(_sink.Samples, Is.EqualTo(fresh));
        Assert.That(summary.BadRows, Is.EqualTo(bad));
    }

    [Test]
    public void A_guessed_row_shows_the_sink_its_labels_like_any_other()
    {
        var seen = new List<string>();
        var sink = new ShowingSink(seen);
        _cache.Begin(ExpositionFormat.Text);
        _cache.Feed("a {x=\"1\"} 1\na { x = \"q\\\"\", } 2\nb {x=\"1\"} 3\nb { x = \"q\\\"\", } 4\n"u8, ref sink);
        _cache.End(ref sink);

        Assert.That(seen, Is.EqualTo(new[] { "a{x=1} 1", "a{x=q\"} 2", "b{x=1} 3", "b{x=q\"} 4" }));
    }

    [Test]
    public void A_name_that_is_too_long_is_refused_before_labels_that_were_guessed()
    {
        using var cache = new RowCache(new ExpositionLimits { MaxNameBytes = 4 });

        PageSummary summary = cache.Scrape("a{x=\"1\"} 1\na{x=\"2\"} 1\nb{x=\"1\"} 1\ntoo_long{x=\"2\"} 1\n", _sink);

        Assert.That((summary.Samples, summary.BadRows[RowFault.NameTooLong]), Is.EqualTo((3, 1)));
    }

    [Test]
    public void What_passed_as_text_is_read_anew_as_OpenMetrics()
    {
        string page = "a{x=\"1\"} 1\na{ x=\"2\"} 1\nb{x=\"1\"} 1\nb{ x=\"2\"} 1\n# EOF\n";

        PageSummary text = _cache.Scrape(page, _sink);
        PageSummary strict = _cache.Scrape(page, _sink, ExpositionFormat.OpenMetrics);

        Assert.That((text.Samples, text.BadRows.Total), Is.EqualTo((4, 0)));
        Assert.That((strict.Samples, strict.BadRows[RowFault.BadLabels]), Is.EqualTo((2, 2)));
    }

    [Test]
    public void Texts_of_rows_that_went_are_given_back_though_others_came_twice()
    {
        string twice = string.Concat(Enumerable.Repeat("a 1\n", 500));
        long most = 0;
        for (int round = 0; round < 100; round++)
        {
            var page = new StringBuilder(twice);
            for (int row = 0; row < 500; row++) page.Append(CultureInfo.InvariantCulture, $"m{{round=\"{round}\",row=\"{row:D200}\"}} 1\n");
            _cache.Scrape(page.ToString(), _sink);
            _cache.Scrape(twice + twice, _sink);
            if (round == 5) most = _cache.NativeBytes;
        }

        Assert.That(_cache.NativeBytes, Is.LessThanOrEqualTo(2 * most));
    }

    private readonly struct ShowingSink(List<string> seen) : IRowSink
    {
        public int Define(in SeriesRow row)
        {
            seen.Add(Pages.Shown(row));
            return 0;
        }

        public void Sample(int slot, double value, long timestampMs)
        {
        }
    }
}
