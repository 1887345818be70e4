namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary>
/// The k best values so far, as a heap with the worst of them on top. NaN is the worst in either direction; of equal values the later series
/// is.
/// </summary>
internal struct Ranking(bool top)
{
    private const int BytesPerEntry = 16;

    private (double Value, int Series)[]? _entries;

    public int Count { get; private set; }

    /// <summary>In no order.</summary>
    public readonly (double Value, int Series) this[int place] => _entries![place]; // there are as many as Count says

    /// <param name="value">Any double.</param>
    /// <param name="series">Whose it is.</param>
    /// <param name="limit">How many are kept.</param>
    /// <param name="budget">Told what is held.</param>
    public void Add(double value, int series, long limit, QueryBudget budget)
    {
        if (Count < limit)
        {
            if (_entries is null || Count == _entries.Length)
            {
                int capacity = (int)Math.Min(Math.Max(4, 2L * Count), limit);
                budget.Hold(capacity - Count, BytesPerEntry * (long)(capacity - Count));
                Array.Resize(ref _entries, capacity);
            }
            _entries[Count] = (value, series);
            Rise(Count++);
        }
        else if (IsWorse(_entries![0], (value, series))) // full, so it is there
        {
            _entries[0] = (value, series);
            Sink();
        }
    }

    public readonly void Release(QueryBudget budget)
    {
        if (_entries is not null)
            budget.Release(_entries.Length, BytesPerEntry * (long)_entries.Length);
    }

    /// <summary>The best first.</summary>
    public readonly (double Value, int Series)[] Sorted()
    {
        Ranking self = this;
        (double Value, int Series)[] sorted = [.. _entries.AsSpan(0, Count)];
        Array.Sort(sorted, (a, b) => self.IsWorse(a, b) ? 1 : self.IsWorse(b, a) ? -1 : 0);
        return sorted;
    }

    private readonly bool IsWorse((double Value, int Series) left, (double Value, int Series) right)
    {
        if (left.Value == right.Value)
            return left.Series > right.Series;
        if (double.IsNaN(left.Value) || double.IsNaN(right.Value))
            return double.IsNaN(left.Value) && (!double.IsNaN(right.Value) || left.Series > right.Series);
        return top ? left.Value < right.Value : left.Value > right.Value;
    }

    private readonly void Rise(int place)
    {
        (double Value, int Series)[] entries = _entries!; // one was just added
        while (place > 0 && (place - 1) / 2 is var parent && IsWorse(entries[place], entries[parent]))
        {
            (entries[place], entries[parent]) = (entries[parent], entries[place]);
            place = parent;
        }
    }

    private readonly void Sink()
    {
        (double Value, int Series)[] entries = _entries!; // it is full
        int place = 0;
        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= Count)
                return;
            if (child + 1 < Count && IsWorse(entries[child + 1], entries[child]))
                child++;
            if (!IsWorse(entries[child], entries[place]))
                return;
            (entries[place], entries[child]) = (entries[child], entries[place]);
            place = child;
        }
    }
}
