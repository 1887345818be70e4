namespace Observability.Exposition.Tests.Reading;

/// <summary>OpenMetrics text 1.0, as strict as its specification where Prometheus is too.</summary>
public sealed class OpenMetricsTests
{
    [TestCase("up 1", "up{} 1")]
    [TestCase("up{} 1", "up{} 1")]
    [TestCase("""up{job="x",zone="y"} 1""", "up{job=x,zone=y} 1")]
    [TestCase("""up{job="x",} 1""", "up{job=x} 1")]
    [TestCase("""{"my.metric","my.label"="x"} 1""", "my.metric{my.label=x} 1")]
    [TestCase("up NaN", "up{} NaN")]
    [TestCase("up +Inf", "up{} Infinity")]
    [TestCase("up 1 1520879607.789", "up{} 1 @1520879607789")]
    [TestCase("up 1 -1.5", "up{} 1 @-1500")]
    [TestCase("up 1 1e3", "up{} 1 @1000000")]
    [TestCase("up_created 1700000000.5", "up_created{} 1700000000.5")]
    public void A_row_is_a_name_labels_a_value_and_seconds(string row, string expected)
    {
        Assert.That(Read(row), Is.EqualTo(new[] { expected, "Eof" }));
    }

    [TestCase(" up 1", RowFault.BadStart)]
    [TestCase("up  1", RowFault.BadValue)]
    [TestCase("up\t1", RowFault.BadValue)]
    [TestCase("up 1 ", RowFault.BadTimestamp)]
    [TestCase("up 1  2", RowFault.BadTimestamp)]
    [TestCase("up 1\t2", RowFault.BadTimestamp)]
    [TestCase("up 1\r", RowFault.BadValue)]
    [TestCase("up {a=\"b\"} 1", RowFault.BadValue)]
    [TestCase("up{a=\"b\"}1", RowFault.BadValue)]
    [TestCase("up{a=\"b\"}  1", RowFault.BadValue)]
    [TestCase("up{ a=\"b\"} 1", RowFault.BadLabels)]
    [TestCase("up{a =\"b\"} 1", RowFault.BadLabels)]
    [TestCase("up{a= \"b\"} 1", RowFault.BadLabels)]
    [TestCase("up{a=\"b\", c=\"d\"} 1", RowFault.BadLabels)]
    [TestCase("up{a=\"b\" c=\"d\"} 1", RowFault.BadLabels)]
    [TestCase("up{a=\"b\"c=\"d\"} 1", RowFault.BadLabels)]
    [TestCase("up{,} 1", RowFault.BadLabels)]
    [TestCase("""{a="b"} 1""", RowFault.MissingName)]
    [TestCase("up 1 2 3", RowFault.TrailingText)]
    [TestCase("up 1 NaN", RowFault.BadTimestamp)]
    [TestCase("up 1 +Inf", RowFault.BadTimestamp)]
    [TestCase("up 1 1_0", RowFault.BadTimestamp)]
    [TestCase("up 1 0x1p3", RowFault.BadTimestamp)]
    [TestCase("", RowFault.BlankLine)]
    [TestCase("#", RowFault.BadMetadata)]
    [TestCase("# a comment", RowFault.BadMetadata)]
    [TestCase("#TYPE up gauge", RowFault.BadMetadata)]
    [TestCase("#  TYPE up gauge", RowFault.BadMetadata)]
    [TestCase("#\tTYPE up gauge", RowFault.BadMetadata)]
    [TestCase("# TYPE\tup gauge", RowFault.BadMetadata)]
    [TestCase("# TYPE  up gauge", RowFault.BadMetadata)]
    [TestCase("# TYPE up  gauge", RowFault.BadType)]
    [TestCase("# TYPE up gauge ", RowFault.BadType)]
    [TestCase("# TYPE up untyped", RowFault.BadType)]
    [TestCase("# TYPE up", RowFault.BadMetadata)]
    [TestCase("# HELP up", RowFault.BadMetadata)]
    [TestCase("# UNIT up", RowFault.BadMetadata)]
    [TestCase("# UNIT up_seconds ms", RowFault.BadUnit)]
    [TestCase("# UNIT upseconds seconds", RowFault.BadUnit)]
    [TestCase("# UNIT seconds seconds", RowFault.BadUnit)]
    [TestCase("# EOF ", RowFault.BadMetadata)]
    public void Anything_looser_costs_that_line_alone(string line, RowFault fault)
    {
        Assert.That(Read(line + "\nlast 1"), Is.EqualTo(new[] { $"BAD {fault} line 1", "last{} 1", "Eof" }));
    }

    [TestCase("counter", "Counter")]
    [TestCase("gauge", "Gauge")]
    [TestCase("histogram", "Histogram")]
    [TestCase("gaugehistogram", "GaugeHistogram")]
    [TestCase("summary", "Summary")]
    [TestCase("info", "Info")]
    [TestCase("stateset", "StateSet")]
    [TestCase("unknown", "Untyped")]
    public void There_are_eight_types(string word, string type)
    {
        Assert.That(Read($"# TYPE up {word}"), Is.EqualTo(new[] { $"TYPE up {type}", "Eof" }));
    }

    [TestCase("# UNIT up_seconds seconds", "UNIT up_seconds [seconds]")]
    [TestCase("# UNIT up ", "UNIT up []")]
    [TestCase(@"# HELP up a \""quoted\"" \\ \n text", "HELP up [a \"quoted\" \\ \n text]")]
    [TestCase("# HELP up ", "HELP up []")]
    [TestCase("# HELP up  two blanks", "HELP up [ two blanks]")]
    [TestCase("# TYPE \"my.metric\" gauge", "TYPE my.metric Gauge")]
    public void Metadata_says_help_and_unit_too(string line, string expected)
    {
        Assert.That(Read(line), Is.EqualTo(new[] { expected, "Eof" }));
    }

    [TestCase("counter", "a_total", "Counter")]
    [TestCase("counter", "a_created", "Counter")]
    [TestCase("counter", "a_sum", null)]
    [TestCase("histogram", "a_created", "Histogram")]
    [TestCase("summary", "a_sum", "Summary")]
    [TestCase("gaugehistogram", "a_gsum", "GaugeHistogram")]
    [TestCase("gaugehistogram", "a_gcount", "GaugeHistogram")]
    [TestCase("gaugehistogram", "a_sum", null)]
    [TestCase("info", "a_info", "Info")]
    [TestCase("stateset", "a", "StateSet")]
    public void A_row_has_the_type_of_the_family_it_belongs_to(string type, string row, string? expected)
    {
        Assert.That(Read($"# TYPE a {type}\n{row} 1")[1], Is.EqualTo($"{row}{{}} 1{(expected is null ? "" : " " + expected)}"));
    }

    [TestCase("""a_total 1 # {trace_id="x"} 0.5""", "a_total{} 1 # {trace_id=x} 0.5")]
    [TestCase("""a_total 1 # {} 0.5""", "a_total{} 1 # {} 0.5")]
    [TestCase("""a_total 1 5 # {trace_id="x",span="y\n"} 0.5 6.5""", "a_total{} 1 @5000 # {trace_id=x,span=y\n} 0.5 @6500")]
    [TestCase("""a_bucket{le="1"} 1 # {t="#"} NaN""", "a_bucket{le=1} 1 # {t=#} NaN")]
    public void A_row_may_carry_an_exemplar(string row, string expected)
    {
        Assert.That(Read(row), Is.EqualTo(new[] { expected, "Eof" }));
    }

    [TestCase("""a_total 1 # {"my.metric"} 0.5""")]
    [TestCase("""a_total 1 # {"my.metric",b="c"} 0.5""")]
    [TestCase("""a_total 1 # {b="c"}""")]
    [TestCase("""a_total 1 # {b="c"} """)]
    [TestCase("""a_total 1 # {b="c"} x""")]
    [TestCase("""a_total 1 # {b="c"}  1""")]
    [TestCase("""a_total 1 # {b="c"} 1 NaN""")]
    [TestCase("""a_total 1 # {b="c"} 1 -Inf""")]
    [TestCase("""a_total 1 # {b="c" 1""")]
    [TestCase("""a_total 1 # {b="c",b="d"} 1""")]
    [TestCase("""a_total 1 # b 1""")]
    [TestCase("""a_total 1 #{b="c"} 1""")]
    public void A_bad_exemplar_costs_the_row(string row)
    {
        Assert.That(Read(row), Is.EqualTo(new[] { "BAD BadExemplar line 1", "Eof" }));
    }

    [Test]
    public void An_exemplar_that_is_not_UTF8_costs_the_row()
    {
        byte[] page = [.. "a_total 1 # {b=\""u8, 0xFF, .. "\"} 1\n# EOF\n"u8];

        Assert.That(Pages.Read(page, ExpositionFormat.OpenMetrics).Entries, Is.EqualTo(new[] { "BAD InvalidUtf8 line 1", "Eof" }));
    }

    [TestCase("up 1\n# EOF\n", PageFault.None)]
    [TestCase("up 1\n# EOF", PageFault.None)]
    [TestCase("# EOF\n", PageFault.None)]
    [TestCase("up 1\n", PageFault.MissingEof)]
    [TestCase("up 1\n# EO", PageFault.MissingEof)]
    [TestCase("", PageFault.MissingEof)]
    [TestCase("# EOF\nup 1\n", PageFault.DataAfterEof)]
    [TestCase("# EOF\n\n", PageFault.DataAfterEof)]
    [TestCase("# EOF\n# EOF\n", PageFault.DataAfterEof)]
    [TestCase("# EOF\nx", PageFault.DataAfterEof)]
    public void The_page_ends_with_EOF_and_nothing_behind_it(string page, PageFault expected)
    {
        Assert.That(Pages.Read(Pages.Utf8(page), ExpositionFormat.OpenMetrics).Fault, Is.EqualTo(expected));
    }

    private static string[] Read(string lines) => Pages.ReadOpenMetrics(lines + "\n# EOF\n");
}
