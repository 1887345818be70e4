using Observability.Exposition;

namespace Observability.Benchmarks.Exposition;

/// <summary>The least a sink can do, so that the cache alone is measured: slots in order of definition, a running sum.</summary>
internal struct CountingSink(bool keepThird) : IRowSink
{
    private int _slots;

    internal double Sum { get; private set; }

    public int Define(in SeriesRow row) => !keepThird || KubeletPage.IsKept(row.Name) ? _slots++ : RowSlot.Skip;

    public void Sample(int slot, double value, long timestampMs) => Sum += value + timestampMs + slot;
}
