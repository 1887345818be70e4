using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// What takes a journal's content at a start. For one partition it is called by one thread at a time and in the order of the writes;
/// for different partitions by several threads at once.
/// </summary>
internal interface IJournalReplay
{
    /// <summary>From here on the id means this series in this partition. The same id may have meant another one before: ids are a process's own.</summary>
    void Define(TenantUid partition, long seriesId, LabelSet labels);

    /// <summary>Samples of one time; every id was defined. Spans are good until the call returns.</summary>
    void Append(TenantUid partition, long timestampMs, ReadOnlySpan<long> seriesIds, ReadOnlySpan<long> valueBits);
}
