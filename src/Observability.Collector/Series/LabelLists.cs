using System.Text;
using Observability.Model;

namespace Observability.Collector.Series;

/// <summary>The rows' own labels, each list once: thousands of series share a few dozen of them.</summary>
internal sealed class LabelLists
{
    private readonly Dictionary<string, Entry> _lists = new(StringComparer.Ordinal);
    private readonly StringBuilder _key = new();

    internal int Count => _lists.Count;

    /// <summary>Takes a use of a list; given back with <see cref="Release"/>.</summary>
    internal Label[] Use(List<Label> labels)
    {
        if (labels.Count == 0)
            return [];
        labels.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        string key = Key(labels);
        if (!_lists.TryGetValue(key, out Entry? entry))
            _lists.Add(key, entry = new Entry([.. labels]));
        entry.Uses++;
        return entry.Labels;
    }

    internal void Release(Label[] labels)
    {
        if (labels.Length == 0)
            return;
        string key = Key(labels);
        if (_lists.TryGetValue(key, out Entry? entry) && --entry.Uses == 0)
            _lists.Remove(key);
    }

    private string Key(IReadOnlyList<Label> labels)
    {
        _key.Clear();
        // Lengths first, so that no value can be read as a border.
        foreach (Label label in labels)
            _key.Append(label.Name.Length).Append(':').Append(label.Name).Append(label.Value.Length).Append(':').Append(label.Value);
        return _key.ToString();
    }

    private sealed class Entry(Label[] labels)
    {
        internal Label[] Labels { get; } = labels;

        internal int Uses { get; set; }
    }
}
