using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Observability.Model;
using Observability.Storage.Head;

namespace Observability.Storage.Index;

/// <summary>
/// One partition's index: its strings, its label pairs with their series, and the table of series. Written under the partition's lock;
/// readers take an <see cref="IndexView"/> under it and go on without.
/// </summary>
internal sealed class SeriesIndex
{
    private readonly Dictionary<string, LabelValuesIndex> _names = new(StringComparer.Ordinal);
    private readonly HashSet<HeadSeries> _byPairs = new(new PairsComparer());
    private readonly HashSet<HeadSeries>.AlternateLookup<ReadOnlySpan<LabelPair>> _lookup;
    private HeadSeries?[] _table = [];
    private int _next;      // place of the next series: places rise, so that postings are sorted by appending to them
    private int _numbering;

    public SeriesIndex() => _lookup = _byPairs.GetAlternateLookup<ReadOnlySpan<LabelPair>>();

    public int Count => _byPairs.Count;

    /// <summary>Changes before the places of series do: a reader that sees another one has to start again. Read on any thread.</summary>
    public int Numbering => Volatile.Read(ref _numbering);

    public IndexView View => new(this, _table, _next, Numbering);

    public void CopyTo(HeadSeries[] series) => _byPairs.CopyTo(series);

    public bool TryGetName(string name, [NotNullWhen(true)] out LabelValuesIndex? label) => _names.TryGetValue(name, out label);

    public bool TryFind(LabelSet labels, [NotNullWhen(true)] out HeadSeries? series)
    {
        series = null;
        LabelPair[] pairs = ArrayPool<LabelPair>.Shared.Rent(labels.Count);
        try
        {
            ReadOnlySpan<Label> span = labels.AsSpan();
            for (int i = 0; i < span.Length; i++)
            {
                if (!_names.TryGetValue(span[i].Name, out LabelValuesIndex? label) || !label.TryGet(span[i].Value, out LabelPair? pair))
                    return false;
                pairs[i] = pair;
            }
            return _lookup.TryGetValue(pairs.AsSpan(0, span.Length), out series);
        }
        finally
        {
            ArrayPool<LabelPair>.Shared.Return(pairs, clearArray: true);
        }
    }

    /// <summary>The pairs of a label set, made where there are none. To be followed by <see cref="Add"/> of a series that has them.</summary>
    public LabelPair[] Intern(LabelSet labels)
    {
        var pairs = new LabelPair[labels.Count];
        ReadOnlySpan<Label> span = labels.AsSpan();
        for (int i = 0; i < span.Length; i++)
        {
            if (!_names.TryGetValue(span[i].Name, out LabelValuesIndex? label))
                _names.Add(span[i].Name, label = new LabelValuesIndex(span[i].Name));
            pairs[i] = label.TryGet(span[i].Value, out LabelPair? pair) ? pair : label.Add(span[i].Value);
        }
        return pairs;
    }

    public void Add(HeadSeries series)
    {
        if (_next == _table.Length)
            MakeRoom();
        series.Reference = _next;
        _table[_next++] = series;
        _byPairs.Add(series);
        foreach (LabelPair pair in series.Pairs)
            pair.Add(series.Reference);
    }

    /// <summary>Takes series out, and with them the labels that no other series has.</summary>
    public void Remove(IReadOnlyCollection<HeadSeries> gone)
    {
        var touched = new HashSet<LabelPair>();
        foreach (HeadSeries series in gone)
        {
            _byPairs.Remove(series);
            _table[series.Reference] = null;
            series.Reference = HeadSeries.NotIndexed;
            touched.UnionWith(series.Pairs);
        }
        foreach (LabelPair pair in touched)
            pair.Replace(Kept(pair.Postings));
        foreach (LabelValuesIndex label in touched.Select(pair => pair.Label).Distinct().ToArray())
        {
            label.RemoveEmpty();
            if (label.Count == 0)
                _names.Remove(label.Name);
        }
        _byPairs.TrimExcess();
    }

    private Postings Kept(Postings postings)
    {
        int[] kept = ArrayPool<int>.Shared.Rent(postings.Count);
        int count = 0;
        foreach (int reference in postings.AsSpan())
        {
            if (_table[reference] is not null)
                kept[count++] = reference;
        }
        Postings result = Postings.Of(kept.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(kept);
        return result;
    }

    private void MakeRoom()
    {
        if (Count >= _table.Length / 2)
        {
            Array.Resize(ref _table, Math.Max(16, _table.Length + (_table.Length / 2)));
            return;
        }
        // Half of the places are of series that are gone: number the rest anew, in their order, which keeps postings sorted.
        Interlocked.Increment(ref _numbering);
        var places = new int[_table.Length];
        var table = new HeadSeries?[Math.Max(16, Count * 3 / 2)];
        int next = 0;
        for (int old = 0; old < _table.Length; old++)
        {
            if (_table[old] is not { } series)
                continue;
            places[old] = next;
            series.Reference = next;
            table[next++] = series;
        }
        foreach (LabelValuesIndex label in _names.Values)
        {
            foreach (LabelPair pair in label.All.Span)
                pair.Replace(Renumbered(pair.Postings, places));
        }
        _table = table;
        _next = next;
    }

    private static Postings Renumbered(Postings postings, int[] places)
    {
        Postings renumbered = Postings.Of(postings.AsSpan());
        if (renumbered.Items is { } items)
        {
            for (int i = 1; i < items.Length; i++)
                items[i] = places[items[i]];
        }
        return renumbered;
    }

    /// <summary>Two series are one when they have the same pairs: a partition holds each pair once.</summary>
    private sealed class PairsComparer : IEqualityComparer<HeadSeries>, IAlternateEqualityComparer<ReadOnlySpan<LabelPair>, HeadSeries>
    {
        public bool Equals(HeadSeries? left, HeadSeries? right) =>
            ReferenceEquals(left, right) || (left is not null && right is not null && Equals(left.Pairs, right));

        public int GetHashCode(HeadSeries series) => GetHashCode(series.Pairs);

        public bool Equals(ReadOnlySpan<LabelPair> pairs, HeadSeries series)
        {
            LabelPair[] others = series.Pairs;
            if (pairs.Length != others.Length)
                return false;
            for (int i = 0; i < pairs.Length; i++)
            {
                if (!ReferenceEquals(pairs[i], others[i]))
                    return false;
            }
            return true;
        }

        public int GetHashCode(ReadOnlySpan<LabelPair> pairs)
        {
            var hash = new HashCode();
            foreach (LabelPair pair in pairs)
                hash.Add(pair.Hash);
            return hash.ToHashCode();
        }

        public HeadSeries Create(ReadOnlySpan<LabelPair> pairs) => throw new NotSupportedException("A series is made by its partition.");
    }
}
