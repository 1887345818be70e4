namespace Observability.Storage.Index;

/// <summary>
/// Sorted references of series, one array: the count in place 0, then the references. Appending writes behind the count and then
/// raises it, or publishes a longer copy, so that a reader on another thread always sees a whole, sorted list.
/// </summary>
internal readonly struct Postings(int[]? items)
{
    public int[]? Items { get; } = items;

    public int Count => Items is null ? 0 : Volatile.Read(ref Items[0]);

    public ReadOnlySpan<int> AsSpan() => Items is null ? [] : Items.AsSpan(1, Volatile.Read(ref Items[0]));

    /// <summary>A list of its own from sorted references.</summary>
    public static Postings Of(ReadOnlySpan<int> sorted)
    {
        if (sorted.IsEmpty)
            return default;
        var items = new int[sorted.Length + 1];
        items[0] = sorted.Length;
        sorted.CopyTo(items.AsSpan(1));
        return new Postings(items);
    }

    /// <summary>Adds a reference larger than all before. One writer at a time.</summary>
    public static void Append(ref int[]? items, int series)
    {
        int count = items?[0] ?? 0;
        if (items is not null && count + 1 < items.Length)
        {
            items[count + 1] = series;
            Volatile.Write(ref items[0], count + 1);
            return;
        }
        // Most labels either belong to one series or to many: grow by one, then by quarters.
        var longer = new int[count + 2 + (count < 2 ? 0 : (count / 4) + 1)];
        items?.AsSpan(0, count + 1).CopyTo(longer);
        longer[count + 1] = series;
        longer[0] = count + 1;
        Volatile.Write(ref items, longer);
    }

    /// <summary>
    /// Keeps of a sorted list what also stands in another, by galloping through the longer: the cost follows the shorter one.
    /// </summary>
    /// <returns>How many were kept, at the front.</returns>
    public static int Intersect(Span<int> kept, ReadOnlySpan<int> other)
    {
        int count = 0, position = 0;
        foreach (int series in kept)
        {
            position = Seek(other, position, series);
            if (position == other.Length)
                break;
            if (other[position] == series)
                kept[count++] = series;
        }
        return count;
    }

    /// <summary>First place at or after a start whose reference is not below the one sought.</summary>
    private static int Seek(ReadOnlySpan<int> sorted, int start, int sought)
    {
        int step = 1, low = start;
        while (low < sorted.Length && sorted[low] < sought)
        {
            start = low + 1;
            low += step;
            step <<= 1;
        }
        int high = Math.Min(low, sorted.Length);
        while (start < high)
        {
            int middle = (start + high) >>> 1;
            if (sorted[middle] < sought)
                start = middle + 1;
            else
                high = middle;
        }
        return start;
    }
}
