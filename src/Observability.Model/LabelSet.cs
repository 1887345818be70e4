using System.Collections;
using System.Text;

namespace Observability.Model;

/// <summary>The labels of one series: sorted by name (ordinal), each name once, no empty value. Immutable.</summary>
public sealed class LabelSet : IReadOnlyList<Label>, IEquatable<LabelSet>, IComparable<LabelSet>
{
    private readonly Label[] _labels;
    private readonly int _hash;

    private LabelSet(Label[] sorted)
    {
        _labels = sorted;
        var hash = new HashCode(); // seeded per process: label values come from tenants
        foreach (Label label in sorted)
        {
            hash.Add(label.Name);
            hash.Add(label.Value);
        }
        _hash = hash.ToHashCode();
    }

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
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _labels.AsSpan().SequenceEqual(other._labels));

    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    public override int GetHashCode() => _hash;

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
