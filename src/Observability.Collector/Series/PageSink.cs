using Observability.Exposition;

namespace Observability.Collector.Series;

/// <summary>Takes the rows of one page into the series table. A new row is classified once; from then on it is a store into an array.</summary>
internal readonly struct PageSink(PageReader reader, int page) : IRowSink
{
    internal int Page => page;

    public int Define(in SeriesRow row) => reader.Define(row);

    public void Sample(int slot, double value, long timestampMs)
    {
        if (slot == PageReader.ScrapeErrorSlot)
            reader.TakeScrapeError(value);
        else
            reader.Table.Sample(slot, page, value, timestampMs);
    }
}
