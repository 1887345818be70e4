namespace Observability.Exposition;

/// <summary>
/// What receives the samples of a page. A struct gets direct calls; a class works too, at an interface call per sample.
/// An exception thrown here leaves the page unusable: begin the next one.
/// </summary>
public interface IRowSink
{
    /// <summary>Asks what to do with a row whose key (name, labels and type, byte for byte) was not on the previous page.</summary>
    /// <param name="row">Valid during the call only.</param>
    /// <returns>
    /// 0 or more: the slot that its samples go to, of the sink's own choice (many keys may share one);
    /// <see cref="RowSlot.Skip"/>: never wanted, passed over cheaply from now on;
    /// <see cref="RowSlot.AskAgain"/>: not decidable yet, asked again at the next page.
    /// </returns>
    int Define(in SeriesRow row);

    /// <summary>Takes one sample, in the order of the page; also called for the row just defined.</summary>
    /// <param name="slot">What <see cref="Define"/> returned for the row's key, 0 or more.</param>
    /// <param name="value">Any double; NaN is always the canonical one (bits <c>0x7FF8000000000001</c>).</param>
    /// <param name="timestampMs">Milliseconds since the Unix epoch, or <see cref="SeriesRow.NoTimestamp"/>. Any value may come: ranges are the sink's to judge.</param>
    void Sample(int slot, double value, long timestampMs);
}
