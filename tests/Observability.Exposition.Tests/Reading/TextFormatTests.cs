namespace Observability.Exposition.Tests.Reading;

/// <summary>Prometheus text format 0.0.4, as Prometheus reads it (model/textparse).</summary>
public sealed class TextFormatTests
{
    [TestCase("up 1", "up{} 1")]
    [TestCase("up{} 1", "up{} 1")]
    [TestCase("job:up:sum 2", "job:up:sum{} 2")]
    [TestCase("""up{job="kubelet",zone="a"} 1""", "up{job=kubelet,zone=a} 1")]
    [TestCase("""up{job="kubelet"}1""", "up{job=kubelet} 1")]
    [TestCase("""up{job="kubelet",} 1""", "up{job=kubelet} 1")]
    [TestCase("""up{job="a" zone="b"} 1""", "up{job=a,zone=b} 1")]
    [TestCase("""up{empty=""} 1""", "up{empty=} 1")]
    [TestCase("""up{le="+Inf"} 1""", "up{le=+Inf} 1")]
    [TestCase("""up{brace="}",comma=",",hash="#"} 1""", "up{brace=},comma=,,hash=#} 1")]
    public void A_row_is_a_name_labels_and_a_value(string row, string expected)
    {
        Assert.That(Pages.ReadText(row + "\n"), Is.EqualTo(new[] { expected }));
    }

    [TestCase("  \t up \t {  job\t=  \"x\" \t , zone = \"y\" , } \t 1 \t 1700000000000 \t ")]
    [TestCase("up{job=\"x\",zone=\"y\"} 1 1700000000000")]
    public void Blanks_and_tabs_may_stand_between_any_tokens(string row)
    {
        Assert.That(Pages.ReadText(row + "\n"), Is.EqualTo(new[] { "up{job=x,zone=y} 1 @1700000000000" }));
    }

    [TestCase(@"\\", @"\")]
    [TestCase(@"\""", "\"")]
    [TestCase(@"\n", "\n")]
    [TestCase(@"C:\\new\\\""dir\""", @"C:\new\""dir""")]
    [TestCase(@"\x\t", @"\x\t")]
    [TestCase("tab\there", "tab\there")]
    [TestCase("nul\0here", "nul\0here")]
    [TestCase("ümläut 世界 🚀", "ümläut 世界 🚀")]
    public void Label_values_are_unescaped(string written, string expected)
    {
        Assert.That(Pages.ReadText($"up{{first=\"{written}\",second=\"plain\"}} 1\n"), Is.EqualTo(new[] { $"up{{first={expected},second=plain}} 1" }));
    }

    [TestCase("""{"my.metric"} 1""", "my.metric{} 1")]
    [TestCase("""{"my.metric",} 1""", "my.metric{} 1")]
    [TestCase("""{"my.metric",job="x"} 1""", "my.metric{job=x} 1")]
    [TestCase("""{job="x","my.metric"} 1""", "my.metric{job=x} 1")]
    [TestCase("""{ "my.metric" , job = "x" } 1""", "my.metric{job=x} 1")]
    [TestCase("""{"my \"metric\"\n",job="x"} 1""", "my \"metric\"\n{job=x} 1")]
    [TestCase("""up{"my.label"="x"} 1""", "up{my.label=x} 1")]
    [TestCase("""{"my.metric","a\\b"="c\\d"} 1""", @"my.metric{a\b=c\d} 1")]
    [TestCase("""{"Größe","größe"="1"} 1""", "Größe{größe=1} 1")]
    public void Names_may_be_quoted(string row, string expected)
    {
        Assert.That(Pages.ReadText(row + "\n"), Is.EqualTo(new[] { expected }));
    }

    [TestCase("1700000000000", " @1700000000000")]
    [TestCase("0", " @0")]
    [TestCase("-5", " @-5")]
    [TestCase("9223372036854775807", " @9223372036854775807")]
    public void A_timestamp_is_an_integer_of_milliseconds(string written, string expected)
    {
        Assert.That(Pages.ReadText($"up 1 {written}\n"), Is.EqualTo(new[] { "up{} 1" + expected }));
    }

    [TestCase("1.5")]
    [TestCase("1e3")]
    [TestCase("now")]
    [TestCase("9223372036854775808")]
    [TestCase("-9223372036854775808")]
    [TestCase("-9223372036854775809")]
    [TestCase("0x10")]
    [TestCase("1_000")]
    [TestCase("1,000")]
    [TestCase("(1)")]
    public void Another_timestamp_costs_the_row(string written)
    {
        Assert.That(Pages.ReadText($"up 1 {written}\n"), Is.EqualTo(new[] { "BAD BadTimestamp line 1" }));
    }

    [TestCase("7up 1", RowFault.BadStart)]
    [TestCase("=1", RowFault.BadStart)]
    [TestCase("up.time 1", RowFault.BadValue)]
    [TestCase("größe 1", RowFault.BadValue)]
    [TestCase("öl 1", RowFault.BadStart)]
    [TestCase("up", RowFault.BadValue)]
    [TestCase("up ", RowFault.BadValue)]
    [TestCase("up{}", RowFault.BadValue)]
    [TestCase("up one", RowFault.BadValue)]
    [TestCase("up 1_0", RowFault.BadValue)]
    [TestCase("up 0x1p4", RowFault.BadValue)]
    [TestCase("up 1e999", RowFault.BadValue)]
    [TestCase("up\0 1", RowFault.BadValue)]
    [TestCase("up 1\0", RowFault.BadValue)]
    [TestCase("up 1 2 3", RowFault.TrailingText)]
    [TestCase("up 1 # {a=\"b\"} 1", RowFault.BadTimestamp)]
    [TestCase("up{a=\"b\"} 1 2 # comment", RowFault.TrailingText)]
    [TestCase("""{} 1""", RowFault.MissingName)]
    [TestCase("""{job="x"} 1""", RowFault.MissingName)]
    [TestCase("""{""} 1""", RowFault.MissingName)]
    [TestCase("""up{"down"} 1""", RowFault.SecondName)]
    [TestCase("""{"up","down"} 1""", RowFault.SecondName)]
    [TestCase("""up{ 1""", RowFault.BadLabels)]
    [TestCase("""up{job="x" 1""", RowFault.BadLabels)]
    [TestCase("""up{job="x} 1""", RowFault.BadLabels)]
    [TestCase("""up{job="x\"} 1""", RowFault.BadLabels)]
    [TestCase("""up{job="x\""", RowFault.BadLabels)]
    [TestCase("""up{job="x\""", RowFault.BadLabels)]
    [TestCase("""up{job} 1""", RowFault.BadLabels)]
    [TestCase("""up{job=} 1""", RowFault.BadLabels)]
    [TestCase("""up{job=x} 1""", RowFault.BadLabels)]
    [TestCase("""up{="x"} 1""", RowFault.BadLabels)]
    [TestCase("""up{""="x"} 1""", RowFault.BadLabels)]
    [TestCase("""up{,job="x"} 1""", RowFault.BadLabels)]
    [TestCase("""up{job="x",,zone="y"} 1""", RowFault.BadLabels)]
    [TestCase("""up{1job="x"} 1""", RowFault.BadLabels)]
    [TestCase("""up{a:b="x"} 1""", RowFault.BadLabels)]
    [TestCase("""up{a.b="x"} 1""", RowFault.BadLabels)]
    [TestCase("up{a\0b=\"x\"} 1", RowFault.BadLabels)]
    [TestCase("""up{a="x",a="y"} 1""", RowFault.DuplicateLabel)]
    [TestCase("""up{a="x","a"="y"} 1""", RowFault.DuplicateLabel)]
    [TestCase("""up{"a\\"="x","b"="y","a\\"="z"} 1""", RowFault.DuplicateLabel)]
    [TestCase("""up{__name__="down"} 1""", RowFault.DuplicateLabel)]
    [TestCase("""{__name__="up"} 1""", RowFault.DuplicateLabel)]
    public void A_bad_row_costs_that_row_alone(string row, RowFault fault)
    {
        string page = $"before 1\n{row}\nafter 2\n";

        Assert.That(Pages.ReadText(page), Is.EqualTo(new[] { "before{} 1", $"BAD {fault} line 2", "after{} 2" }));
    }

    [Test]
    public void A_label_that_differs_in_case_is_another_label()
    {
        Assert.That(Pages.ReadText("""up{Job="x",job="y"} 1"""), Is.EqualTo(new[] { "up{Job=x,job=y} 1" }));
    }

    [TestCase(new byte[] { 0xFF })]
    [TestCase(new byte[] { 0xC0, 0x80 })]
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 })]
    [TestCase(new byte[] { 0xE4, 0xB8 })]
    public void A_value_that_is_not_UTF8_costs_the_row(byte[] value)
    {
        byte[] page = [.. "up{job=\""u8, .. value, .. "\"} 1\ndown 2\n"u8];

        Assert.That(Pages.Read(page, ExpositionFormat.Text).Entries, Is.EqualTo(new[] { "BAD InvalidUtf8 line 1", "down{} 2" }));
    }

    [Test]
    public void A_byte_order_mark_costs_the_first_line()
    {
        byte[] page = [0xEF, 0xBB, 0xBF, .. "up 1\nup 2\n"u8];

        Assert.That(Pages.Read(page, ExpositionFormat.Text).Entries, Is.EqualTo(new[] { "BAD BadStart line 1", "up{} 2" }));
    }

    [TestCase("# TYPE up gauge", "TYPE up Gauge")]
    [TestCase("# \tTYPE\tup \t gauge ", "TYPE up Gauge")]
    [TestCase("#\tTYPE up counter", "TYPE up Counter")]
    [TestCase("# TYPE up histogram", "TYPE up Histogram")]
    [TestCase("# TYPE up summary", "TYPE up Summary")]
    [TestCase("# TYPE up untyped", "TYPE up Untyped")]
    [TestCase("# TYPE \"my.metric\" gauge", "TYPE my.metric Gauge")]
    [TestCase("# HELP up Is it up?", "HELP up [Is it up?]")]
    [TestCase("# HELP up", "HELP up []")]
    [TestCase("# HELP up ", "HELP up []")]
    [TestCase(@"# HELP up back\\slash \n line \""q\""", "HELP up [back\\slash \n line \\\"q\\\"]")]
    [TestCase("# HELP up nul\0here", "HELP up [nul\0here]")]
    [TestCase("# HELP \"my.metric\" text", "HELP my.metric [text]")]
    [TestCase("# UNIT up seconds", "COMMENT # UNIT up seconds")]
    [TestCase("# EOF", "COMMENT # EOF")]
    [TestCase("# just saying", "COMMENT # just saying")]
    [TestCase("#TYPE up gauge", "COMMENT #TYPE up gauge")]
    [TestCase("#", "COMMENT #")]
    [TestCase("# HELP", "COMMENT # HELP")]
    [TestCase("# TYPES up gauge", "COMMENT # TYPES up gauge")]
    [TestCase("# nul\0here", "COMMENT # nul\0here")]
    public void A_comment_may_say_type_or_help(string line, string expected)
    {
        Assert.That(Pages.ReadText($"{line}\nlast 1\n")[0], Is.EqualTo(expected));
    }

    [TestCase("# TYPE up", RowFault.BadType)]
    [TestCase("# TYPE up wrong", RowFault.BadType)]
    [TestCase("# TYPE up Gauge", RowFault.BadType)]
    [TestCase("# TYPE up gauge gauge", RowFault.BadType)]
    [TestCase("# TYPE up info", RowFault.BadType)]
    [TestCase("# TYPE up unknown", RowFault.BadType)]
    [TestCase("# TYPE 7up gauge", RowFault.BadMetadata)]
    [TestCase("# TYPE =", RowFault.BadMetadata)]
    [TestCase("# HELP {} text", RowFault.BadMetadata)]
    [TestCase("# HELP up{} text", RowFault.BadMetadata)]
    [TestCase("# HELP \"up text", RowFault.BadMetadata)]
    public void Bad_metadata_costs_that_line_alone(string line, RowFault fault)
    {
        Assert.That(Pages.ReadText($"{line}\nlast 1\n"), Is.EqualTo(new[] { $"BAD {fault} line 1", "last{} 1" }));
    }

    [Test]
    public void Help_that_is_not_UTF8_costs_that_line()
    {
        byte[] page = [.. "# HELP up "u8, 0xFF, .. "\nup 1\n"u8];

        Assert.That(Pages.Read(page, ExpositionFormat.Text).Entries, Is.EqualTo(new[] { "BAD InvalidUtf8 line 1", "up{} 1" }));
    }

    [TestCase("")]
    [TestCase("\n")]
    [TestCase(" \t \n\n\r\n")]
    public void Blank_lines_say_nothing(string page)
    {
        Assert.That(Pages.Read(Pages.Utf8(page), ExpositionFormat.Text), Is.EqualTo((Array.Empty<string>(), PageFault.None)).Using<(string[], PageFault)>(Same));
    }

    [TestCase("up 1\ndown 0")]
    [TestCase("up 1\ndown 0\n")]
    [TestCase("up 1\r\ndown 0\r\n")]
    [TestCase("up 1\r\ndown 0\r")]
    public void The_last_line_break_may_be_missing_and_a_carriage_return_is_no_part_of_a_value(string page)
    {
        Assert.That(Pages.ReadText(page), Is.EqualTo(new[] { "up{} 1", "down{} 0" }));
    }

    [Test]
    public void A_carriage_return_within_a_line_is_no_blank()
    {
        Assert.That(Pages.ReadText("up\r1\nup 1\r 2\n"), Is.EqualTo(new[] { "BAD BadValue line 1", "BAD BadValue line 2" }));
    }

    [TestCase("histogram", "a_bucket", "Histogram")]
    [TestCase("histogram", "a_sum", "Histogram")]
    [TestCase("histogram", "a_count", "Histogram")]
    [TestCase("histogram", "a_created", null)]
    [TestCase("summary", "a", "Summary")]
    [TestCase("summary", "a_count", "Summary")]
    [TestCase("summary", "a_bucket", null)]
    [TestCase("counter", "a", "Counter")]
    [TestCase("counter", "a_total", null)]
    [TestCase("gauge", "ab", null)]
    [TestCase("gauge", "b", null)]
    [TestCase("untyped", "a", null)]
    public void A_row_has_the_type_of_the_family_it_belongs_to(string type, string row, string? expected)
    {
        string line = Pages.ReadText($"# TYPE a {type}\n{row} 1\n")[1];

        Assert.That(line, Is.EqualTo($"{row}{{}} 1{(expected is null ? "" : " " + expected)}"));
    }

    [Test]
    public void A_type_line_that_cannot_be_read_leaves_its_rows_without_type()
    {
        Assert.That(Pages.ReadText("# TYPE a gauge\na 1\n# TYPE a wrong\na 2\n"),
            Is.EqualTo(new[] { "TYPE a Gauge", "a{} 1 Gauge", "BAD BadType line 3", "a{} 2" }));
    }

    [Test]
    public void A_quoted_name_belongs_to_its_quoted_family()
    {
        Assert.That(Pages.ReadText("# TYPE \"a\\\"b\" gauge\n{\"a\\\"b\"} 1\n")[1], Is.EqualTo("a\"b{} 1 Gauge"));
    }

    [Test]
    public void A_row_says_where_it_stands_and_what_its_key_is()
    {
        var reader = new ExpositionReader("\n  up {a=\"b\"} 1\n"u8, ExpositionFormat.Text);

        Assert.That(reader.Read(), Is.True);
        Assert.That((reader.Line, reader.Position), Is.EqualTo((2, 1)));
        Assert.That(Pages.Text(reader.Series.Key), Is.EqualTo("up {a=\"b\"}"));
        Assert.That(Pages.Text(reader.Series.LabelBytes), Is.EqualTo(" {a=\"b\"}"));
    }

    private static bool Same((string[] Entries, PageFault Fault) left, (string[] Entries, PageFault Fault) right) =>
        left.Entries.SequenceEqual(right.Entries) && left.Fault == right.Fault;
}
