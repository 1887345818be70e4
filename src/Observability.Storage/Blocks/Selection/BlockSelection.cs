using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Observability.Model;
using Observability.Storage.Blocks.Files;

namespace Observability.Storage.Blocks.Selection;

/// <summary>
/// Finds the series of a block that match. The smallest set of series that must be in the answer goes first, and everything else only
/// narrows it; a grant's namespaces are such a set, and nothing outside them is looked at. To be used under a lease.
/// </summary>
internal sealed class BlockSelection
{
    private const int CancellationStride = 0x1000;

    private readonly BlockIndex _index;
    private readonly IReadOnlyDictionary<string, long>? _namespaces;
    private readonly Dictionary<int, long> _namespacePairs = []; // each with the first time that its grant opens
    private readonly (int First, int Count) _namespaceLabel;
    private readonly List<int> _exact = [];
    private readonly List<Condition> _conditions = [];
    private readonly CancellationToken _cancellationToken;
    private readonly bool _isEmpty;

    public BlockSelection(
        BlockIndex index, IReadOnlyDictionary<string, long>? namespaces, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
    {
        _index = index;
        _namespaces = namespaces;
        _cancellationToken = cancellationToken;
        if (namespaces is not null)
        {
            _namespaceLabel = index.PairsOf(LabelNames.Namespace);
            foreach ((string name, long fromMs) in namespaces)
            {
                if (index.PairOf(LabelNames.Namespace, name) is var pair and >= 0)
                    _namespacePairs.Add(pair, fromMs);
            }
            _isEmpty = _namespacePairs.Count == 0;
        }
        foreach (Matcher matcher in matchers)
        {
            if (matcher.Values is [{ Length: > 0 } only])
            {
                int pair = index.PairOf(matcher.Name, only);
                _exact.Add(pair);
                _isEmpty |= pair < 0;
                continue;
            }
            bool acceptsMissing = matcher.Matches("");
            (int first, int count) = matcher.Prefix is { } prefix ? index.PairsOf(matcher.Name, prefix) : index.PairsOf(matcher.Name);
            if (count > 0)
                _conditions.Add(new Condition(matcher, acceptsMissing, first, count));
            else
                _isEmpty |= !acceptsMissing;
        }
        _conditions.Sort(static (a, b) => a.Count.CompareTo(b.Count));
    }

    /// <summary>Calls back with each series that has samples in the range, and the times of it that may be shown.</summary>
    public void Run(TimeRange range, Action<int, TimeRange> found)
    {
        if (_isEmpty)
            return;
        int[] candidates = ArrayPool<int>.Shared.Rent(Math.Max(1, FirstCount()));
        try
        {
            int count = FirstCandidates(ref candidates);
            foreach (int pair in _exact)
                count = Intersect(candidates.AsSpan(0, count), pair);
            foreach (Condition condition in _conditions)
                count = Filter(candidates.AsSpan(0, count), condition);
            foreach (int series in candidates.AsSpan(0, count))
            {
                TimeRange shown = ShownOf(series, range);
                if (!shown.Intersect(_index.TimesOf(series)).IsEmpty)
                    found(series, shown);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(candidates);
        }
    }

    private TimeRange ShownOf(int series, TimeRange range)
    {
        if (_namespaces is null)
            return range;
        // Chosen by its namespace already; what the grant does not name stays closed even if that went wrong.
        int pair = _index.PairOfSeries(series, _namespaceLabel.First, _namespaceLabel.Count);
        return _namespacePairs.TryGetValue(pair, out long fromMs) ? range with { FromMs = Math.Max(range.FromMs, fromMs) } : new TimeRange(0, -1);
    }

    private int FirstCount()
    {
        if (_namespaces is not null)
            return _namespacePairs.Keys.Sum(_index.CountOf);
        return _exact.Count > 0 ? _exact.Min(_index.CountOf) : _index.Series;
    }

    /// <summary>The candidates that all else narrows; what they were made of is not asked again.</summary>
    private int FirstCandidates(ref int[] candidates)
    {
        if (_namespaces is not null)
        {
            _exact.Sort((a, b) => _index.CountOf(a).CompareTo(_index.CountOf(b)));
            return Union(_namespacePairs.Keys, candidates);
        }
        if (_exact.Count > 0)
        {
            _exact.Sort((a, b) => _index.CountOf(a).CompareTo(_index.CountOf(b)));
            int smallest = _exact[0];
            _exact.RemoveAt(0);
            return Union([smallest], candidates);
        }
        int selective = _conditions.FindIndex(condition => !condition.AcceptsMissing);
        if (selective >= 0)
        {
            Condition condition = _conditions[selective];
            _conditions.RemoveAt(selective);
            return Union(MatchingPairs(condition), candidates);
        }
        for (int series = 0; series < _index.Series; series++)
            candidates[series] = series;
        return _index.Series;
    }

    private List<int> MatchingPairs(Condition condition)
    {
        var pairs = new List<int>();
        if (condition.Matcher.Values is { } values)
        {
            foreach (string value in values.Distinct())
            {
                if (_index.PairOf(condition.Matcher.Name, value) is var pair and >= 0)
                    pairs.Add(pair);
            }
            return pairs;
        }
        for (int pair = condition.First; pair < condition.First + condition.Count; pair++) // of those with the prefix
        {
            if (((pair - condition.First) & (CancellationStride - 1)) == 0)
                _cancellationToken.ThrowIfCancellationRequested();
            if (condition.Matcher.Matches(Encoding.UTF8.GetString(_index.ValueOf(pair))))
                pairs.Add(pair);
        }
        return pairs;
    }

    /// <summary>Series of any of the pairs, which are of one name, so that no series has two.</summary>
    private int Union(IEnumerable<int> pairs, Span<int> candidates)
    {
        int count = 0, lists = 0;
        foreach (int pair in pairs)
        {
            ReadOnlySpan<int> list = _index.PostingsOf(pair, out (int First, int Count) range);
            list.CopyTo(candidates[count..]);
            count += list.Length;
            for (int i = 0; i < range.Count; i++)
                candidates[count++] = range.First + i;
            lists++;
        }
        if (lists > 1)
            candidates[..count].Sort();
        return count;
    }

    private int Intersect(Span<int> candidates, int pair)
    {
        ReadOnlySpan<int> list = _index.PostingsOf(pair, out (int First, int Count) range);
        int count = 0;
        if (range.Count > 0)
        {
            foreach (int candidate in candidates)
            {
                if ((uint)(candidate - range.First) < (uint)range.Count)
                    candidates[count++] = candidate;
            }
            return count;
        }
        int position = 0;
        foreach (int candidate in candidates)
        {
            position = Gallop(list, position, candidate);
            if (position == list.Length)
                break;
            if (list[position] == candidate)
                candidates[count++] = candidate;
        }
        return count;
    }

    /// <summary>The first place at or behind a start whose number is not below another.</summary>
    private static int Gallop(ReadOnlySpan<int> list, int start, int number)
    {
        int step = 1, low = start, high = start;
        while (high < list.Length && list[high] < number)
        {
            low = high + 1;
            high += step;
            step <<= 1;
        }
        high = Math.Min(high, list.Length);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (list[middle] < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Keeps the candidates that a matcher accepts. Each value is looked at once, and only values that a candidate has.</summary>
    private int Filter(Span<int> candidates, Condition condition)
    {
        var known = new Dictionary<int, bool>();
        int count = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            if ((i & (CancellationStride - 1)) == 0)
                _cancellationToken.ThrowIfCancellationRequested();
            int pair = _index.PairOfSeries(candidates[i], condition.First, condition.Count);
            bool accepted = condition.AcceptsMissing;
            if (pair >= 0)
            {
                ref bool answer = ref CollectionsMarshal.GetValueRefOrAddDefault(known, pair, out bool exists);
                if (!exists)
                    answer = condition.Matcher.Matches(Encoding.UTF8.GetString(_index.ValueOf(pair)));
                accepted = answer;
            }
            if (accepted)
                candidates[count++] = candidates[i];
        }
        return count;
    }

    private readonly record struct Condition(Matcher Matcher, bool AcceptsMissing, int First, int Count);
}
