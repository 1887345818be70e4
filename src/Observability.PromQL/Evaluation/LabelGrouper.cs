using Observability.Model;

namespace Observability.PromQL.Evaluation;

/// <summary>
/// Numbers label sets by what they say for some labels, or for all but some: grouping keys and join signatures. A key is compared label by
/// label and never built. Used by one thread at a time.
/// </summary>
internal sealed class LabelGrouper
{
    private readonly string[] _names;
    private readonly bool _without;
    private readonly List<LabelSet> _representatives = [];
    private readonly List<(int Hash, int Next)> _entries = [];
    private readonly Dictionary<int, int> _first = [];

    /// <param name="names">In any order.</param>
    /// <param name="without">All labels but these decide.</param>
    public LabelGrouper(IEnumerable<string> names, bool without)
    {
        _names = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _without = without;
    }

    /// <summary>Groups so far.</summary>
    public int Count => _representatives.Count;

    /// <summary>Every label decides.</summary>
    public static LabelGrouper Whole() => new([], without: true);

    /// <summary>The first label set of a group.</summary>
    public LabelSet RepresentativeOf(int group) => _representatives[group];

    /// <summary>The group of a label set; groups are numbered in the order of their first sets.</summary>
    public int GroupOf(LabelSet labels) => Find(labels, add: true);

    /// <returns>-1 where no set before was of the same group.</returns>
    public int Find(LabelSet labels) => Find(labels, add: false);

    /// <summary>Of a label set, the labels that decide.</summary>
    public LabelSet KeyOf(LabelSet labels)
    {
        var kept = new List<Label>(labels.Count);
        int name = 0;
        foreach (Label label in labels.AsSpan())
        {
            if (Decides(label.Name, ref name))
                kept.Add(label);
        }
        return kept.Count == labels.Count ? labels : LabelSet.FromSorted([.. kept]);
    }

    private int Find(LabelSet labels, bool add)
    {
        int hash = Hash(labels);
        int known = _first.TryGetValue(hash, out int entry) ? entry : -1;
        for (int i = known; i >= 0; i = _entries[i].Next)
        {
            if (AreAlike(_representatives[i], labels))
                return i;
        }
        if (!add)
            return -1;
        _entries.Add((hash, known));
        _representatives.Add(labels);
        return _first[hash] = _entries.Count - 1;
    }

    private int Hash(LabelSet labels)
    {
        var hash = new HashCode(); // seeded per process: label values come from tenants
        int name = 0;
        foreach (ref readonly Label label in labels.AsSpan())
        {
            if (!Decides(label.Name, ref name))
                continue;
            hash.Add(label.Name);
            hash.Add(label.Value);
        }
        return hash.ToHashCode();
    }

    private bool AreAlike(LabelSet left, LabelSet right)
    {
        ReadOnlySpan<Label> l = left.AsSpan(), r = right.AsSpan();
        int i = 0, j = 0, leftName = 0, rightName = 0;
        while (true)
        {
            while (i < l.Length && !Decides(l[i].Name, ref leftName))
                i++;
            while (j < r.Length && !Decides(r[j].Name, ref rightName))
                j++;
            if (i == l.Length || j == r.Length)
                return i == l.Length && j == r.Length;
            if (!string.Equals(l[i].Name, r[j].Name, StringComparison.Ordinal) || !string.Equals(l[i].Value, r[j].Value, StringComparison.Ordinal))
                return false;
            i++;
            j++;
        }
    }

    /// <summary>Labels and names both are sorted, so the names are walked along with the labels.</summary>
    private bool Decides(string label, ref int name)
    {
        while (name < _names.Length)
        {
            int order = string.CompareOrdinal(_names[name], label);
            if (order == 0)
                return !_without;
            if (order > 0)
                break;
            name++;
        }
        return _without;
    }
}
