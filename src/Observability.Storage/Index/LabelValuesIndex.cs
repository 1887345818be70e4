using System.Diagnostics.CodeAnalysis;

namespace Observability.Storage.Index;

/// <summary>A label name of one partition and its values. Written under the partition's lock.</summary>
internal sealed class LabelValuesIndex(string name)
{
    private readonly Dictionary<string, LabelPair> _byValue = new(StringComparer.Ordinal);
    private LabelPair[] _all = [];

    public string Name { get; } = name;

    public int Count => _byValue.Count;

    /// <summary>All values, in no order: a view that stays as it is while others are added. Taken under the partition's lock.</summary>
    public ReadOnlyMemory<LabelPair> All => _all.AsMemory(0, _byValue.Count);

    public bool TryGet(string value, [NotNullWhen(true)] out LabelPair? pair) => _byValue.TryGetValue(value, out pair);

    public LabelPair Add(string value, int id)
    {
        var pair = new LabelPair(this, value, id);
        if (_byValue.Count == _all.Length)
            Array.Resize(ref _all, (_all.Length * 3 / 2) + 1);
        _all[_byValue.Count] = pair;
        _byValue.Add(value, pair);
        return pair;
    }

    /// <summary>Forgets the values that no series has any more.</summary>
    /// <param name="removed">Told of each.</param>
    public void RemoveEmpty(Action<LabelPair> removed)
    {
        ReadOnlySpan<LabelPair> before = All.Span;
        var kept = new List<LabelPair>(before.Length);
        foreach (LabelPair pair in before)
        {
            if (pair.Postings.Count > 0)
                kept.Add(pair);
            else
            {
                _byValue.Remove(pair.Value);
                removed(pair);
            }
        }
        if (kept.Count == before.Length)
            return;
        _byValue.TrimExcess();
        _all = [.. kept]; // a new array: views of the old one stay whole
    }
}
