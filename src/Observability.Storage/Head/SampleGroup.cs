using Observability.Storage.Chunks;

namespace Observability.Storage.Head;

/// <summary>Series that are sampled together, as the rows of a cgroup are: they share one column of times.</summary>
internal sealed class SampleGroup(int id, int times, TimesChunk current, int targetRows)
{
    public int Id => id;

    /// <summary>Series in it.</summary>
    public int Members { get; set; }

    /// <summary>The chunk of times that grows, and its number.</summary>
    public TimesChunk Current { get; private set; } = current;

    public int Times { get; private set; } = times;

    /// <summary>Rows after which the chunk is full.</summary>
    public int TargetRows { get; private set; } = targetRows;

    public int LastRow => Current.Count - 1;

    public void Begin(int times, TimesChunk chunk)
    {
        Times = times;
        Current = chunk;
        TargetRows = PackedValues.MaxCount;
    }
}
