using Observability.Storage.Chunks;

namespace Observability.Storage.Head;

/// <summary>The groups of one partition and their times, by number: chunks of values name them so. Guarded by the partition's lock.</summary>
internal sealed class GroupTimes(long maxChunkMs)
{
    /// <summary>No chunk reaches over a multiple of this, so that what was sealed into a block can go whole.</summary>
    public const long BoundaryMs = 2 * 3600 * 1000;

    private readonly List<TimesChunk?> _times = [];
    private readonly Stack<int> _unusedTimes = [];
    private readonly List<SampleGroup?> _groups = [];
    private readonly Stack<int> _unusedGroups = [];

    /// <summary>The multiple of <see cref="BoundaryMs"/> at or before a time.</summary>
    public static long PeriodStart(long timestampMs) => (timestampMs - (((timestampMs % BoundaryMs) + BoundaryMs) % BoundaryMs));

    /// <summary>Groups that have members.</summary>
    public int Count => _groups.Count - _unusedGroups.Count;

    public TimesChunk this[int times] => _times[times]!; // held by whoever has the number

    public SampleGroup Group(int id) => _groups[id]!; // a series' group has at least this member

    /// <summary>A group without members, whose first row has this time.</summary>
    public SampleGroup Create(long timestampMs)
    {
        int times = Add(new TimesChunk(timestampMs));
        if (!_unusedGroups.TryPop(out int id))
        {
            id = _groups.Count;
            _groups.Add(null);
        }
        // The first chunk's length differs, lest all series of a partition fill theirs at one time.
        var group = new SampleGroup(id, times, _times[times]!, (PackedValues.MaxCount / 2) + (id * 37 % (PackedValues.MaxCount / 2)));
        _times[times]!.Users++;
        _groups[id] = group;
        return group;
    }

    public void AddRow(SampleGroup group, long timestampMs)
    {
        TimesChunk current = group.Current;
        if (current.Count < group.TargetRows && timestampMs - current.FirstMs <= maxChunkMs
            && PeriodStart(timestampMs) == PeriodStart(current.FirstMs))
        {
            current.Append(timestampMs);
            return;
        }
        current.Close();
        Release(group.Times);
        int times = Add(new TimesChunk(timestampMs));
        _times[times]!.Users++;
        group.Begin(times, _times[times]!);
    }

    public void Hold(int times) => _times[times]!.Users++;

    public void Release(int times)
    {
        TimesChunk chunk = _times[times]!;
        if (--chunk.Users > 0)
            return;
        _times[times] = null;
        _unusedTimes.Push(times);
    }

    /// <summary>Takes a member out of a group, which ends with its last one.</summary>
    public void Leave(int id)
    {
        SampleGroup group = _groups[id]!;
        if (--group.Members > 0)
            return;
        Release(group.Times);
        _groups[id] = null;
        _unusedGroups.Push(id);
    }

    private int Add(TimesChunk chunk)
    {
        if (_unusedTimes.TryPop(out int times))
            _times[times] = chunk;
        else
        {
            times = _times.Count;
            _times.Add(chunk);
        }
        return times;
    }
}
