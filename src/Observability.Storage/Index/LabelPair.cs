namespace Observability.Storage.Index;

/// <summary>A label as one partition holds it: its strings once, and the series that have it.</summary>
/// <param name="label">Its name.</param>
/// <param name="value">Its value.</param>
/// <param name="id">What series hold instead of it; used again when no series has the label any more.</param>
internal sealed class LabelPair(LabelValuesIndex label, string value, int id)
{
    private int[]? _postings;

    public LabelValuesIndex Label { get; } = label;

    public string Value { get; } = value;

    public int Id => id;

    public int Hash { get; } = HashCode.Combine(label.Name, value);

    /// <summary>The series that have this label. May be read on any thread; written under the partition's lock.</summary>
    public Postings Postings => new(Volatile.Read(ref _postings));

    public void Add(int series) => Postings.Append(ref _postings, series);

    public void Replace(Postings postings) => Volatile.Write(ref _postings, postings.Items);
}
