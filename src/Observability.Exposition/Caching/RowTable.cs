namespace Observability.Exposition;

/// <summary>The rows of one page in its order.</summary>
internal sealed unsafe class RowTable : IDisposable
{
    private readonly NativeArray<RowEntry> _entries = new();

    internal int Count { get; set; }

    internal RowEntry* Items => _entries.Items;

    internal Span<RowEntry> Entries => new(_entries.Items, Count);

    internal long NativeBytes => _entries.Bytes;

    internal void Append(RowEntry entry)
    {
        _entries.Reserve(Count + 1);
        _entries.Items[Count++] = entry;
    }

    /// <summary>Starts anew with the first entries of another table.</summary>
    internal void CopyFrom(RowTable other, int count)
    {
        _entries.Reserve(Math.Max(count, other.Count));
        other.Entries[..count].CopyTo(new Span<RowEntry>(_entries.Items, count));
        Count = count;
    }

    /// <summary>Gives back room that the entries do not need.</summary>
    internal void Trim() => _entries.Trim(Count);

    internal void Clear()
    {
        _entries.Free();
        Count = 0;
    }

    public void Dispose() => _entries.Dispose();
}
