using CsCheck;

namespace Observability.Exposition.Tests.Caching;

public sealed class RowCachePropertyTests
{
    // Few names and labels, so that pages share, repeat and nearly share keys.
    private static readonly Gen<string> Name = Gen.OneOf("a", "ab", "a_total", "b_sum", "b_bucket", "up");

    private static readonly Gen<string> Labels = Gen.OneOf(
        "", "{}", "{x=\"1\"}", "{x=\"2\"}", "{x=\"1\",y=\"long enough to be compared in vectors, and then some\"}", "{x=\"\\\"q\\\\\"}", " {x=\"1\"}",
        "{x=\"1\",}", "{ x = \"1\" }", "\t{x=\"1\"}", "{\"quoted\"=\"1\"}", "{x=\"1\",x=\"2\"}", "{x=\"1", "{=\"1\"}");

    private static readonly Gen<string> Key = Gen.OneOf(
        Gen.Select(Name, Labels, (name, labels) => name + labels),
        Gen.OneOf("{\"quoted.name\"}", "{\"quoted.name\",x=\"1\"}", "{\"a\",x=\"1\"}", "{\"b\\n\"}", "{x=\"1\"}", "7bad"));

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.OneOf("1", "NaN", "+Inf", "-inf", "1.795492560e+09", "0.1", "-0", "1e400", "0x1p3", "bad", "", "123456789012345678901234567890"),
        Gen.Double.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    private static readonly Gen<string> Time = Gen.OneOf("", "", " 1700000000000", " -1", "\t5", " x", " 9223372036854775808", " 1 1", "  7  ");

    private static readonly Gen<string> Row = Gen.Select(Key, Gen.OneOf(" ", " ", " ", "\t", "  ", ""), Value, Time, (key, blank, value, time) =>
        key + blank + value + time);

    private static readonly Gen<string> Line = Gen.Frequency(
        (12, Row),
        (1, Gen.Select(Name, Gen.OneOf("counter", "gauge", "histogram", "untyped", "wrong"), (name, type) => $"# TYPE {name} {type}")),
        (1, Gen.Select(Name, name => $"# HELP {name} some\\nhelp")),
        (1, Gen.OneOf("", "# a comment", "\t", "#", "# TYPE")));

    private static readonly Gen<string> Break = Gen.OneOf("\n", "\n", "\n", "\n", "\r\n");

    // A page is lines by number out of a common stock: what one page has, the next has elsewhere, twice or not at all.
    private static readonly Gen<(string[] Stock, int[][] Orders, int[] Pieces, string Break, bool LastBreak)> Case = Gen.Select(
        Line.Array[1, 40], Gen.Int[0, 39].Array[0, 60].Array[2, 5], Gen.OneOf(Gen.Int[1, 40], Gen.Int[1, 5000]).Array[1, 6], Break, Gen.Bool);

    [Test]
    public void Samples_with_the_cache_are_those_of_a_fresh_read_however_pages_change_and_are_cut()
    {
        Case.Sample(given =>
        {
            using var cache = new RowCache(ExpositionLimits.Default);
            var sink = new RecordingSink();
            foreach (byte[] page in PagesOf(given))
            {
                sink.Forget();

                PageSummary summary = cache.Scrape(page, sink, ExpositionFormat.Text, given.Pieces);

                (List<string> fresh, RowFaultCounts bad, PageFault fault) = Scrapes.ReadFresh(page);
                Assert.That(sink.Samples, Is.EqualTo(fresh));
                Assert.That((summary.BadRows, summary.Fault), Is.EqualTo((bad, fault)));
                Assert.That(summary.Rows, Is.EqualTo(summary.Hits + summary.Defined + bad.Total));
                Assert.That(summary.Samples, Is.EqualTo(fresh.Count));
            }
        }, iter: 3000);
    }

    [Test]
    public void Small_edits_between_pages_keep_what_was_decided()
    {
        Gen.Select(Gen.Int[20, 200], Gen.Int[0, 1000].Array[0, 12].Array[2, 6], Gen.Int[1, 3000].Array[1, 4]).Sample((rows, edits, pieces) =>
        {
            using var cache = new RowCache(ExpositionLimits.Default);
            var sink = new RecordingSink(key => key.Contains("skip", StringComparison.Ordinal) ? RowSlot.Skip : null);
            var lines = Enumerable.Range(0, rows).Select(RowOf).ToList();
            HashSet<string> before = [];
            int next = rows;
            foreach (int[] round in edits)
            {
                foreach (int edit in round) Edit(lines, edit, ref next);
                string page = string.Concat(lines.Select((line, i) => $"{line} {i} 17{i}\n"));
                sink.Forget();

                cache.Scrape(page, sink, ExpositionFormat.Text, pieces);

                Assert.That(sink.Defined, Is.EquivalentTo(lines.Where(line => !before.Contains(line)).Distinct().Select(line => $"{line} Untyped")));
                Assert.That(sink.Samples, Is.EqualTo(Scrapes.ReadFresh(Pages.Utf8(page)).Samples.Where(sample => !sample.Contains("skip", StringComparison.Ordinal))));
                before = [.. lines];
            }
        }, iter: 500);
    }

    private static IEnumerable<byte[]> PagesOf((string[] Stock, int[][] Orders, int[] Pieces, string Break, bool LastBreak) given)
    {
        foreach (int[] order in given.Orders)
        {
            string page = string.Join(given.Break, order.Select(i => given.Stock[i % given.Stock.Length]));
            yield return Pages.Utf8(given.LastBreak ? page + given.Break : page);
        }
    }

    private static string RowOf(int i) => $"m{i / 20}{{id=\"{i % 20}\",{(i % 3 == 0 ? "skip" : "keep")}=\"{new string('x', i % 50)}\"}}";

    private static void Edit(List<string> lines, int edit, ref int next)
    {
        int at = edit % (lines.Count + 1);
        switch (edit % 4)
        {
            case 0 when at < lines.Count: lines.RemoveAt(at); break;
            case 1: lines.Insert(at, RowOf(next++)); break;
            case 2 when at < lines.Count:
                lines.Add(lines[at]);
                lines.RemoveAt(at);
                break;
            case 3 when at < lines.Count: lines.Insert(0, lines[at]); break;
            default: lines.Reverse(); break;
        }
    }
}
