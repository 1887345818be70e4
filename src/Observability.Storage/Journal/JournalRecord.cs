using Observability.Model;

namespace Observability.Storage;

/// <summary>One partition's part of a batch. A view of the batch's own buffers: good until the write returns, never kept.</summary>
public abstract class JournalRecord
{
    private protected JournalRecord()
    {
    }

    public abstract TenantUid Partition { get; }

    /// <summary>
    /// Series of this partition that no completed write has defined before. A definition may be written twice (by two batches under
    /// way together), but is always there before or with the first sample that refers to it.
    /// </summary>
    public abstract IReadOnlyList<JournalSeries> NewSeries { get; }

    public abstract int SampleCount { get; }

    /// <summary>The samples in the order in which they were added. Some may turn out to be duplicates or out of order.</summary>
    public abstract JournalSample Sample(int index);
}
