using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Observability.Model;
using Observability.Storage.Chunks;
using Observability.Storage.Head;

namespace Observability.Storage.Index;

/// <summary>
/// One partition's index: its strings, its label pairs with their series, and which series has which labels. Written under the
/// partition's lock; readers take what they need of it under the lock and go on without.
/// </summary>
internal sealed class SeriesIndex(SeriesTable table)
{
    private const int SmallestTable = 16;

    private readonly Dictionary<string, LabelValuesIndex> _names = new(StringComparer.Ordinal);
    private readonly List<LabelPair?> _pairs = [];
    private readonly Stack<int> _unusedPairs = [];
    private ByteArena _labels = new();
    private int[] _slots = new int[SmallestTable];  // by hash, open addressing: slot + 1, or 0
    private int _numbering;

    public int Count { get; private set; }

    /// <summary>One more than the largest id of a label.</summary>
    public int PairCount => _pairs.Count;

    /// <summary>Changes before the slots of series do: a reader that sees another one has to start again. Read on any thread.</summary>
    public int Numbering => Volatile.Read(ref _numbering);

    /// <summary>A series' id is its slot and this: unique as long as the process lives, though slots are used again.</summary>
    public long IdBase { get; private set; } = 1;

    public long LabelBytes => _labels.AllocatedBytes;

    public IndexView View => new(this, table.Length, Numbering);

    public bool TryGetName(string name, [NotNullWhen(true)] out LabelValuesIndex? label) => _names.TryGetValue(name, out label);

    public LabelPair Pair(int id) => _pairs[id]!; // a series that has it is there

    /// <summary>The ids of a series' labels, sorted by name; good under the lock.</summary>
    public ReadOnlySpan<int> LabelsOf(in SeriesState series) =>
        MemoryMarshal.Cast<byte, int>(_labels.From(series.Labels))[..series.LabelCount];

    /// <summary>The label of that name; null where the series has none.</summary>
    public LabelPair? LabelOf(in SeriesState series, LabelValuesIndex name)
    {
        foreach (int id in LabelsOf(series))
        {
            if (ReferenceEquals(_pairs[id]!.Label, name))
                return _pairs[id];
        }
        return null;
    }

    public bool TryFind(LabelSet labels, [NotNullWhen(true)] out HeadSeries? series)
    {
        series = null;
        int[] ids = ArrayPool<int>.Shared.Rent(labels.Count);
        try
        {
            ReadOnlySpan<Label> span = labels.AsSpan();
            for (int i = 0; i < span.Length; i++)
            {
                if (!_names.TryGetValue(span[i].Name, out LabelValuesIndex? label) || !label.TryGet(span[i].Value, out LabelPair? pair))
                    return false;
                ids[i] = pair.Id;
            }
            ReadOnlySpan<int> sought = ids.AsSpan(0, span.Length);
            int hash = HashOf(sought), mask = _slots.Length - 1;
            for (int at = hash & mask; _slots[at] != 0; at = (at + 1) & mask)
            {
                ref SeriesState state = ref table[_slots[at] - 1];
                if (state.Hash == hash && LabelsOf(state).SequenceEqual(sought))
                {
                    series = table.HandleOf(_slots[at] - 1)!; // in the table, so not forgotten
                    return true;
                }
            }
            return false;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ids);
        }
    }

    /// <summary>Adds a series with labels that no other has.</summary>
    public void Add(HeadSeries series, LabelSet labels)
    {
        if (table.Length >= Math.Max(SmallestTable, Count * 2))
            Renumber();
        if (Count >= _slots.Length / 4 * 3)
            Rehash(_slots.Length * 2);
        SeriesState state = SeriesState.Empty;
        state.LabelCount = (ushort)labels.Count;
        state.Labels = _labels.Allocate(labels.Count * sizeof(int));
        Span<int> ids = MemoryMarshal.Cast<byte, int>(_labels.From(state.Labels))[..labels.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            LabelPair pair = Intern(labels[i]);
            ids[i] = pair.Id;
            pair.Add(table.Length);
        }
        state.Hash = HashOf(ids);
        table.Add(series, state);
        Insert(state.Hash, series.Slot);
        Count++;
    }

    /// <summary>Takes series out, and with them the labels that no other series has.</summary>
    public void Remove(IReadOnlyCollection<HeadSeries> gone)
    {
        var touched = new HashSet<LabelPair>();
        foreach (HeadSeries series in gone)
        {
            ref SeriesState state = ref table[series.Slot];
            foreach (int id in LabelsOf(state))
                touched.Add(_pairs[id]!);
            Delete(state.Hash, series.Slot);
            _labels.Free(state.Labels, state.LabelCount * sizeof(int));
            table.Remove(series.Slot);
            Count--;
        }
        foreach (LabelPair pair in touched)
            pair.Replace(Kept(pair.Postings));
        foreach (LabelValuesIndex label in touched.Select(pair => pair.Label).Distinct().ToArray())
        {
            label.RemoveEmpty(pair =>
            {
                _pairs[pair.Id] = null;
                _unusedPairs.Push(pair.Id);
            });
            if (label.Count == 0)
                _names.Remove(label.Name);
        }
        if (Count < _slots.Length / 8 && _slots.Length > SmallestTable)
            Rehash(Math.Max(SmallestTable, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Count * 2)));
    }

    private LabelPair Intern(Label label)
    {
        if (!_names.TryGetValue(label.Name, out LabelValuesIndex? name))
            _names.Add(label.Name, name = new LabelValuesIndex(label.Name));
        if (name.TryGet(label.Value, out LabelPair? pair))
            return pair;
        if (!_unusedPairs.TryPop(out int id))
        {
            id = _pairs.Count;
            _pairs.Add(null);
        }
        pair = name.Add(label.Value, id);
        _pairs[id] = pair;
        return pair;
    }

    private int HashOf(ReadOnlySpan<int> ids)
    {
        var hash = new HashCode(); // of the labels' own hashes, which are seeded: values come from tenants
        foreach (int id in ids)
            hash.Add(_pairs[id]!.Hash);
        return hash.ToHashCode();
    }

    private void Insert(int hash, int slot)
    {
        int mask = _slots.Length - 1, at = hash & mask;
        while (_slots[at] != 0)
            at = (at + 1) & mask;
        _slots[at] = slot + 1;
    }

    private void Delete(int hash, int slot)
    {
        int mask = _slots.Length - 1, hole = hash & mask;
        while (_slots[hole] != slot + 1)
            hole = (hole + 1) & mask;
        // What stands behind moves up as far as its own place allows, so that no search ends early.
        for (int at = (hole + 1) & mask; _slots[at] != 0; at = (at + 1) & mask)
        {
            int home = table[_slots[at] - 1].Hash & mask;
            if (((at - home) & mask) < ((at - hole) & mask))
                continue;
            _slots[hole] = _slots[at];
            hole = at;
        }
        _slots[hole] = 0;
    }

    private void Rehash(int size)
    {
        int[] old = _slots;
        _slots = new int[size];
        foreach (int slot in old)
        {
            if (slot != 0)
                Insert(table[slot - 1].Hash, slot - 1);
        }
    }

    private Postings Kept(Postings postings)
    {
        int[] kept = ArrayPool<int>.Shared.Rent(postings.Count);
        int count = 0;
        foreach (int slot in postings.AsSpan())
        {
            if (table.HandleOf(slot) is not null)
                kept[count++] = slot;
        }
        Postings result = Postings.Of(kept.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(kept);
        return result;
    }

    /// <summary>Half of the slots are of series that are gone: the rest get new ones in their order, which keeps postings sorted.</summary>
    private void Renumber()
    {
        Interlocked.Increment(ref _numbering);
        IdBase += table.Length;
        int[] slots = table.Renumber();
        foreach (LabelValuesIndex label in _names.Values)
        {
            foreach (LabelPair pair in label.All.Span)
                pair.Replace(Renumbered(pair.Postings, slots));
        }
        var labels = new ByteArena(); // without the gaps of what is gone
        for (int slot = 0; slot < table.Length; slot++)
        {
            ref SeriesState state = ref table[slot];
            uint moved = labels.Allocate(state.LabelCount * sizeof(int));
            MemoryMarshal.AsBytes(LabelsOf(state)).CopyTo(labels.From(moved));
            state.Labels = moved;
        }
        _labels = labels;
        Array.Clear(_slots);
        for (int slot = 0; slot < table.Length; slot++)
            Insert(table[slot].Hash, slot);
    }

    private static Postings Renumbered(Postings postings, int[] slots)
    {
        Postings renumbered = Postings.Of(postings.AsSpan());
        if (renumbered.Items is { } items)
        {
            for (int i = 1; i < items.Length; i++)
                items[i] = slots[items[i]];
        }
        return renumbered;
    }
}
