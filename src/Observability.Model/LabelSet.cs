using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Observability.Model;

/// <summary>The labels of one series: sorted by name (ordinal), each name once, no empty value. Immutable.</summary>
public sealed class LabelSet : IReadOnlyList<Label>, IEquatable<LabelSet>, IComparable<LabelSet>
{
    private readonly Label[] _labels;
    private int _hash; // 0 until it is asked for: most sets that a query makes are only read

    private LabelSet(Label[] sorted) => _labels = sorted;

    public static LabelSet Empty { get; } = new([]);

    public int Count => _labels.Length;

    public Label this[int index] => _labels[index];

    /// <summary>The value of a label, or null where the set has none.</summary>
    public string? this[string name] => IndexOf(name) is var index and >= 0 ? _labels[index].Value : null;

    /// <summary>The metric's name, or empty.</summary>
    public string MetricName => this[LabelNames.MetricName] ?? "";

    /// <summary>Makes a set of labels in any order; those with an empty value are left out.</summary>
    /// <exception cref="ArgumentException">A name is empty or stands twice.</exception>
    public static LabelSet From(IEnumerable<Label> labels)
    {
        Label[] sorted = [.. labels.Where(label => label.Value.Length > 0)];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (int i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Name.Length == 0)
                throw new ArgumentException("A label has no name.", nameof(labels));
            if (i > 0 && string.Equals(sorted[i].Name, sorted[i - 1].Name, StringComparison.Ordinal))
                throw new ArgumentException($"The label {sorted[i].Name} stands twice.", nameof(labels));
        }
        return sorted.Length == 0 ? Empty : new LabelSet(sorted);
    }

    /// <summary>Makes a set of labels that already are what a set holds.</summary>
    /// <exception cref="ArgumentException">The names do not rise strictly, or a name or value is empty.</exception>
    public static LabelSet FromSorted(ImmutableArray<Label> labels)
    {
        if (labels.IsDefaultOrEmpty)
            return Empty;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i].Name.Length == 0 || labels[i].Value.Length == 0)
                throw new ArgumentException("A label has no name or no value.", nameof(labels));
            if (i > 0 && string.CompareOrdinal(labels[i - 1].Name, labels[i].Name) >= 0)
                throw new ArgumentException($"The label {labels[i].Name} is not in its place.", nameof(labels));
        }
        return new LabelSet(ImmutableCollectionsMarshal.AsArray(labels)!); // not default: has an array
    }

    /// <inheritdoc cref="From(IEnumerable{Label})"/>
    public static LabelSet Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var list = new List<Label>(labels.Length);
        foreach ((string name, string value) in labels)
            list.Add(new Label(name, value));
        return From(list);
    }

    /// <summary>This set with one label set, replaced or, by an empty value, removed.</summary>
    public LabelSet With(string name, string value) =>
        From(_labels.Where(label => !string.Equals(label.Name, name, StringComparison.Ordinal)).Append(new Label(name, value)));

    public ReadOnlySpan<Label> AsSpan() => _labels;

    public bool Equals(LabelSet? other) =>
        ReferenceEquals(this, other) || (other is not null && HashesMayAgree(other) && _labels.AsSpan().SequenceEqual(other._labels));

    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    public override int GetHashCode()
    {
        if (_hash != 0)
            return _hash;
        var hash = new HashCode(); // seeded per process: label values come from tenants
        foreach (Label label in _labels)
        {
            hash.Add(label.Name);
            hash.Add(label.Value);
        }
        int result = hash.ToHashCode();
        return _hash = result == 0 ? 1 : result;
    }

    /// <summary>Order of Prometheus: label by label, name before value, ordinal; a prefix comes first.</summary>
    public int CompareTo(LabelSet? other)
    {
        if (other is null)
            return 1;
        for (int i = 0; i < Math.Min(_labels.Length, other._labels.Length); i++)
        {
            int order = string.CompareOrdinal(_labels[i].Name, other._labels[i].Name);
            if (order == 0)
                order = string.CompareOrdinal(_labels[i].Value, other._labels[i].Value);
            if (order != 0)
                return order;
        }
        return _labels.Length.CompareTo(other._labels.Length);
    }

    public IEnumerator<Label> GetEnumerator() => ((IEnumerable<Label>)_labels).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As in PromQL: <c>up{job="kubelet"}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(MetricName).Append('{');
        string separator = "";
        foreach (Label label in _labels)
        {
            if (string.Equals(label.Name, LabelNames.MetricName, StringComparison.Ordinal))
                continue;
            text.Append(separator).Append(label.Name).Append("=\"");
            foreach (char c in label.Value)
                text.Append(c switch { '\\' => @"\\", '"' => "\\\"", '\n' => @"\n", _ => c.ToString() });
            text.Append('"');
            separator = ",";
        }
        return text.Append('}').ToString();
    }

    public static bool operator ==(LabelSet? left, LabelSet? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(LabelSet? left, LabelSet? right) => !(left == right);

    public static bool operator <(LabelSet? left, LabelSet? right) => Comparer<LabelSet>.Default.Compare(left, right) < 0;

    public static bool operator <=(LabelSet? left, LabelSet? right) => Comparer<LabelSet>.Default.Compare(left, right) <= 0;

    public static bool operator >(LabelSet? left, LabelSet? right) => Comparer<LabelSet>.Default.Compare(left, right) > 0;

    public static bool operator >=(LabelSet? left, LabelSet? right) => Comparer<LabelSet>.Default.Compare(left, right) >= 0;

    private bool HashesMayAgree(LabelSet other) => _hash == 0 || other._hash == 0 || _hash == other._hash;

    private int IndexOf(string name)
    {
        int low = 0, high = _labels.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int order = string.CompareOrdinal(_labels[middle].Name, name);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }
}
