namespace Observability.Exposition.Tests.Caching;

/// <summary>Feeds pages to a cache, and reads them without one to compare.</summary>
internal static class Scrapes
{
    /// <summary>Feeds a page in pieces of the sizes given, over and over; one piece where none is given.</summary>
    internal static PageSummary Scrape(
        this RowCache cache, byte[] page, RecordingSink sink, ExpositionFormat format = ExpositionFormat.Text, params int[] pieces)
    {
        cache.Begin(format);
        int at = 0;
        for (int i = 0; at < page.Length; i++)
        {
            int length = pieces.Length == 0 ? page.Length : Math.Min(pieces[i % pieces.Length], page.Length - at);
            if (!cache.Feed(page.AsSpan(at, length), ref sink)) break;
            at += length;
        }
        return cache.End(ref sink);
    }

    internal static PageSummary Scrape(
        this RowCache cache, string page, RecordingSink sink, ExpositionFormat format = ExpositionFormat.Text, params int[] pieces) =>
        cache.Scrape(Pages.Utf8(page), sink, format, pieces);

    /// <summary>The samples of a page as <see cref="RecordingSink.Samples"/> shows them, read by the plain reader.</summary>
    internal static (List<string> Samples, RowFaultCounts BadRows, PageFault Fault) ReadFresh(
        byte[] page, ExpositionFormat format = ExpositionFormat.Text, ExpositionLimits? limits = null)
    {
        var samples = new List<string>();
        var bad = new RowFaultCounts();
        var reader = new ExpositionReader(page, format, limits);
        while (reader.Read())
        {
            if (reader.Kind == EntryKind.BadRow) bad.Add(reader.Fault);
            if (reader.Kind != EntryKind.Series) continue;
            SeriesRow row = reader.Series;
            var sink = new RecordingSink();
            sink.Sample(sink.Define(row), row.Value, row.TimestampMs);
            samples.AddRange(sink.Samples);
        }
        return (samples, bad, reader.PageFault);
    }
}
