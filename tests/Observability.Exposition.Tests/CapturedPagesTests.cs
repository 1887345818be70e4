using Observability.Exposition.Tests.Caching;

namespace Observability.Exposition.Tests;

[TestFixture("metrics_cadvisor")]
[TestFixture("metrics_resource")]
[TestFixture("metrics_probes")]
[TestFixture("metrics")]
public sealed class CapturedPagesTests(string endpoint)
{
    [Test]
    public void Every_row_of_a_real_kubelet_is_good()
    {
        foreach ((string name, byte[] page) in Recorded(endpoint))
        {
            int lines = Pages.Text(page).Split('\n').Count(line => line.Length > 0 && line[0] != '#');

            (List<string> samples, RowFaultCounts bad, PageFault fault) = Scrapes.ReadFresh(page);

            Assert.That(samples, Has.Count.EqualTo(lines), name);
            Assert.That((bad.Total, fault), Is.EqualTo((0, PageFault.None)), name);
        }
    }

    [Test]
    public void Reading_with_the_cache_equals_reading_afresh_through_all_rounds()
    {
        using var cache = new RowCache(ExpositionLimits.Default);
        var sink = new RecordingSink();
        foreach ((string name, byte[] page) in Recorded(endpoint))
        {
            sink.Forget();

            PageSummary summary = cache.Scrape(page, sink, pieces: [4096, 65_536, 1]);

            Assert.That(sink.Samples, Is.EqualTo(Scrapes.ReadFresh(page).Samples), name);
            Assert.That(summary.BadRows.Total, Is.Zero, name);
            Assert.That(summary.Hits + summary.Defined, Is.EqualTo(summary.Rows), name);
            TestContext.Out.WriteLine($"{name[^40..]}: {summary.Rows} rows, {summary.Hits} hits, {summary.Defined} defined, {page.Length} page bytes, {cache.NativeBytes} native bytes");
        }
    }

    /// <summary>The recorded pages of one endpoint, in the order in which they were scraped.</summary>
    private static (string Name, byte[] Page)[] Recorded(string endpoint)
    {
        string[] files = [.. Directory.GetFiles(CaptureFolder.Path, $"{endpoint}.txt.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.That(files, Is.Not.Empty, $"No recording of {endpoint}.");
        return [.. files.Select(file => (file, CaptureFolder.Unzip(file)))];
    }
}
