using System.Diagnostics.CodeAnalysis;

namespace Observability.PromQL.Histograms;

/// <summary>
/// Buckets of one side of a histogram: rising indexes, each with a count. A bucket that is not here is empty; one that is here can be
/// empty too, and then still belongs to the histogram's layout. Immutable.
/// </summary>
public sealed class SparseBuckets : IEquatable<SparseBuckets>
{
    private readonly int[] _indexes;
    private readonly double[] _counts;
    private int _spanCount = -1; // until it is asked for

    private SparseBuckets(int[] indexes, double[] counts) => (_indexes, _counts) = (indexes, counts);

    public static SparseBuckets Empty { get; } = new([], []);

    public bool IsEmpty => _indexes.Length == 0;

    public int Length => _indexes.Length;

    public ReadOnlySpan<int> Indexes => _indexes;

    public ReadOnlySpan<double> Counts => _counts;

    /// <summary>Neighbouring buckets from an index on.</summary>
    public static SparseBuckets FromDense(int firstIndex, ReadOnlySpan<double> counts)
    {
        if (counts.IsEmpty)
            return Empty;
        int[] indexes = new int[counts.Length];
        for (int i = 0; i < indexes.Length; i++)
            indexes[i] = firstIndex + i;
        return new SparseBuckets(indexes, counts.ToArray());
    }

    /// <summary>As on the wire, counts absolute.</summary>
    /// <exception cref="ArgumentException">The spans do not rise, or do not have as many buckets as there are counts.</exception>
    public static SparseBuckets FromSpans(ReadOnlySpan<BucketSpan> spans, ReadOnlySpan<double> counts)
    {
        if (counts.IsEmpty && spans.IsEmpty)
            return Empty;
        int[] indexes = new int[counts.Length];
        int filled = 0, next = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            if (spans[i].Length < 0 || (i > 0 && spans[i].Offset < 0))
                throw new ArgumentException("A span runs backwards.", nameof(spans));
            next += spans[i].Offset;
            if (spans[i].Length > indexes.Length - filled)
                throw new ArgumentException($"The spans have more buckets than the {counts.Length} counted ones.", nameof(spans));
            for (int j = 0; j < spans[i].Length; j++)
                indexes[filled++] = next++;
        }
        if (filled != counts.Length)
            throw new ArgumentException($"The spans have {filled} buckets, but {counts.Length} are counted.", nameof(spans));
        return filled == 0 ? Empty : new SparseBuckets(indexes, counts.ToArray());
    }

    /// <summary>How many runs of neighbours these buckets make.</summary>
    public int SpanCount
    {
        get
        {
            if (_spanCount >= 0)
                return _spanCount;
            int count = IsEmpty ? 0 : 1;
            for (int i = 1; i < _indexes.Length; i++)
                count += _indexes[i] == _indexes[i - 1] + 1 ? 0 : 1;
            return _spanCount = count;
        }
    }

    /// <summary>The runs of neighbours that these buckets make.</summary>
    public IReadOnlyList<BucketSpan> ToSpans()
    {
        var spans = new List<BucketSpan>();
        for (int i = 0; i < _indexes.Length; i++)
        {
            if (i > 0 && _indexes[i] == _indexes[i - 1] + 1)
                spans[^1] = spans[^1] with { Length = spans[^1].Length + 1 };
            else
                spans.Add(new BucketSpan(i == 0 ? _indexes[0] : _indexes[i] - _indexes[i - 1] - 1, 1));
        }
        return spans;
    }

    /// <summary>The same layout and the same bits in each count.</summary>
    public bool Equals(SparseBuckets? other)
    {
        if (other is null || !_indexes.AsSpan().SequenceEqual(other._indexes))
            return false;
        for (int i = 0; i < _counts.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(_counts[i]) != BitConverter.DoubleToInt64Bits(other._counts[i]))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as SparseBuckets);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (int i = 0; i < _indexes.Length; i++)
        {
            hash.Add(_indexes[i]);
            hash.Add(BitConverter.DoubleToInt64Bits(_counts[i]));
        }
        return hash.ToHashCode();
    }

    /// <summary>The count at an index, 0 where there is no bucket.</summary>
    internal double At(int index) => Array.BinarySearch(_indexes, index) is var place and >= 0 ? _counts[place] : 0;

    internal double Total()
    {
        double total = 0;
        foreach (double count in _counts)
            total += count;
        return total;
    }

    /// <summary>Other counts in the same layout. The array is kept.</summary>
    internal SparseBuckets WithCounts(double[] counts) => IsEmpty ? this : new SparseBuckets(_indexes, counts);

    internal SparseBuckets Multiply(double factor)
    {
        if (IsEmpty)
            return this;
        double[] counts = new double[_counts.Length];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = _counts[i] * factor;
        return new SparseBuckets(_indexes, counts);
    }

    internal SparseBuckets Divide(double divisor)
    {
        if (IsEmpty)
            return this;
        double[] counts = new double[_counts.Length];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = _counts[i] / divisor;
        return new SparseBuckets(_indexes, counts);
    }

    /// <summary>Leaves out the buckets that the condition names.</summary>
    internal SparseBuckets Without(Func<int, double, bool> drops)
    {
        int kept = 0;
        for (int i = 0; i < _indexes.Length; i++)
            kept += drops(_indexes[i], _counts[i]) ? 0 : 1;
        if (kept == _indexes.Length)
            return this;
        if (kept == 0)
            return Empty;
        int[] indexes = new int[kept];
        double[] counts = new double[kept];
        for (int i = 0, to = 0; to < kept; i++)
        {
            if (drops(_indexes[i], _counts[i]))
                continue;
            indexes[to] = _indexes[i];
            counts[to++] = _counts[i];
        }
        return new SparseBuckets(indexes, counts);
    }

    /// <summary>Leaves out empty buckets.</summary>
    internal SparseBuckets Compact() => _counts.AsSpan().Contains(0.0) ? Without(static (_, count) => count == 0) : this;

    /// <summary>Renames buckets by a function that never falls; those that come to one index are added up.</summary>
    internal SparseBuckets Regroup(Func<int, int> indexOf)
    {
        if (IsEmpty)
            return this;
        int[] indexes = new int[_indexes.Length];
        double[] counts = new double[_indexes.Length];
        int last = -1;
        for (int i = 0; i < _indexes.Length; i++)
        {
            int index = indexOf(_indexes[i]);
            if (last < 0 || indexes[last] != index)
                indexes[++last] = index;
            counts[last] += _counts[i];
        }
        return new SparseBuckets(indexes[..(last + 1)], counts[..(last + 1)]);
    }

    /// <summary>Counts of both, in the layout of both.</summary>
    internal static SparseBuckets Add(SparseBuckets left, SparseBuckets right, bool subtract)
    {
        if (right.IsEmpty)
            return left;
        double sign = subtract ? -1 : 1;
        if (left._indexes.AsSpan().SequenceEqual(right._indexes))
        {
            double[] sums = new double[left._counts.Length];
            for (int i = 0; i < sums.Length; i++)
                sums[i] = left._counts[i] + sign * right._counts[i];
            return new SparseBuckets(left._indexes, sums);
        }

        var merge = new Merge(left, right);
        while (merge.Next(out int l, out int r))
            merge.Put((l >= 0 ? left._counts[l] : 0) + (r >= 0 ? sign * right._counts[r] : 0));
        return new SparseBuckets(merge.Indexes, merge.Counts);
    }

    /// <summary>Adds with the low bits kept apart, so that great counts that cancel out later do not swallow small ones.</summary>
    /// <param name="sum">What was added so far.</param>
    /// <param name="low">The low bits of <paramref name="sum"/>, in its layout.</param>
    /// <param name="other">What is added.</param>
    /// <returns>The new sum and its low bits, both in the layout of all three.</returns>
    internal static (SparseBuckets Sum, SparseBuckets Low) AddCompensated(SparseBuckets sum, SparseBuckets low, SparseBuckets other)
    {
        var merge = new Merge(sum, other);
        double[] lows = new double[merge.Counts.Length];
        while (merge.Next(out int s, out int o))
        {
            var exact = new CompensatedSum(s >= 0 ? sum._counts[s] : 0, s >= 0 ? low.At(sum._indexes[s]) : 0);
            if (o >= 0)
                exact.Add(other._counts[o]);
            lows[merge.Length] = exact.Low;
            merge.Put(exact.High);
        }
        return (new SparseBuckets(merge.Indexes, merge.Counts), new SparseBuckets(merge.Indexes, lows));
    }

    /// <summary>Walks the union of two layouts.</summary>
    [SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
    private struct Merge
    {
        private readonly int[] _left, _right;
        private int _l, _r;

        public Merge(SparseBuckets left, SparseBuckets right)
        {
            (_left, _right) = (left._indexes, right._indexes);
            int both = 0;
            for (int l = 0, r = 0; l < _left.Length && r < _right.Length;)
            {
                int order = _left[l].CompareTo(_right[r]);
                both += order == 0 ? 1 : 0;
                l += order <= 0 ? 1 : 0;
                r += order >= 0 ? 1 : 0;
            }
            Indexes = new int[_left.Length + _right.Length - both];
            Counts = new double[Indexes.Length];
        }

        public int[] Indexes { get; }

        public double[] Counts { get; }

        public int Length { get; private set; }

        public bool Next(out int left, out int right)
        {
            (left, right) = (-1, -1);
            if (_l >= _left.Length && _r >= _right.Length)
                return false;
            int order = _l >= _left.Length ? 1 : _r >= _right.Length ? -1 : _left[_l].CompareTo(_right[_r]);
            if (order <= 0)
                left = _l++;
            if (order >= 0)
                right = _r++;
            Indexes[Length] = left >= 0 ? _left[left] : _right[right];
            return true;
        }

        public void Put(double count) => Counts[Length++] = count;
    }
}
