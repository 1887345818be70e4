using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// One partition's part of a batch, as columns over its samples in the order in which they were added. A view of the batch's own
/// buffers: good until the write returns, never kept.
/// </summary>
public abstract class JournalRecord
{
    private protected JournalRecord()
    {
    }

    public abstract TenantUid Partition { get; }

    /// <summary>The samples' times: neighbours with the same time are one run. The counts add up to the length of the other columns.</summary>
    public abstract ReadOnlySpan<JournalRun> Runs { get; }

    /// <summary>The id of each sample's series. Ids are unique in the partition for as long as the process lives, positive, and given in rising order.</summary>
    public abstract ReadOnlySpan<long> SeriesIds { get; }

    /// <summary>Each sample's value: any 64 bits. Some samples may turn out to be duplicates or out of order.</summary>
    public abstract ReadOnlySpan<long> ValueBits { get; }

    /// <summary>The labels of one sample's series. The journal asks where it has not yet defined that id in its current segment.</summary>
    /// <param name="sample">Index into the columns.</param>
    public abstract LabelSet LabelsOf(int sample);
}
