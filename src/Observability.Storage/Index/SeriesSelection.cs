using System.Buffers;
using Observability.Model;
using Observability.Storage.Head;

namespace Observability.Storage.Index;

/// <summary>
/// What one selection needs of an index: taken under the partition's lock in time that follows the number of matchers, then run
/// without it. A grant limited to namespaces is the set that everything else only narrows; no other series is looked at.
/// </summary>
internal sealed class SeriesSelection
{
    private readonly List<LabelPair>? _namespaces;      // null: the whole partition
    private readonly List<LabelPair> _exact = [];       // each must be there
    private readonly List<List<LabelPair>> _choices = []; // of each one must be there
    private readonly List<Scan> _scans = [];
    private readonly bool _isEmpty;

    /// <summary>To be called under the partition's lock. The namespaces are those that the grant is limited to; null where it is not.</summary>
    public SeriesSelection(SeriesIndex index, IEnumerable<string>? namespaces, IReadOnlyList<Matcher> matchers)
    {
        View = index.View;
        if (namespaces is not null)
        {
            _namespaces = [];
            if (index.TryGetName(LabelNames.Namespace, out LabelValuesIndex? label))
            {
                foreach (string name in namespaces)
                {
                    if (label.TryGet(name, out LabelPair? pair))
                        _namespaces.Add(pair);
                }
            }
            _isEmpty = _namespaces.Count == 0;
        }
        foreach (Matcher matcher in matchers)
        {
            bool isKnown = index.TryGetName(matcher.Name, out LabelValuesIndex? label);
            if (matcher is { Operator: MatchOperator.Equal, Value.Length: > 0 })
            {
                if (isKnown && label!.TryGet(matcher.Value, out LabelPair? pair)) // known: not null
                    _exact.Add(pair);
                else
                    _isEmpty = true;
                continue;
            }
            bool acceptsMissing = matcher.Matches("");
            if (matcher.Values is { } wanted && !acceptsMissing)
            {
                var choice = new List<LabelPair>();
                foreach (string value in isKnown ? wanted : [])
                {
                    if (label!.TryGet(value, out LabelPair? pair))
                        choice.Add(pair);
                }
                if (choice.Count == 1)
                    _exact.Add(choice[0]);
                else
                    _choices.Add(choice);
                _isEmpty |= choice.Count == 0;
            }
            else if (matcher is { Operator: MatchOperator.NotEqual, Value.Length: > 0 })
            {
                if (isKnown && label!.TryGet(matcher.Value, out LabelPair? pair))
                    _scans.Add(new Scan(matcher, acceptsMissing, label, new[] { pair }));
            }
            else if (isKnown)
                _scans.Add(new Scan(matcher, acceptsMissing, label!, label!.All));
            else if (!acceptsMissing)
                _isEmpty = true;
        }
        _scans.Sort(static (a, b) => a.Values.Length.CompareTo(b.Values.Length));
    }

    public IndexView View { get; }

    /// <summary>The slots that match, rising, in an array from the pool. They may be of series that were forgotten since.</summary>
    public ArraySegment<int> Run(Partition partition, CancellationToken cancellationToken)
    {
        int[] candidates = ArrayPool<int>.Shared.Rent(Math.Max(1, View.Length));
        int count = _isEmpty ? 0 : FirstCandidates(candidates);
        foreach (Scan scan in _scans)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (count > 0)
                count = Filter(candidates.AsSpan(0, count), scan, partition, cancellationToken);
        }
        return new ArraySegment<int>(candidates, 0, count);
    }

    /// <summary>What the grant and the matchers that name values leave: from the shortest list on, each further one by galloping.</summary>
    private int FirstCandidates(int[] candidates)
    {
        List<(List<LabelPair> Pairs, int Count)> lists = [.. _exact.Select(pair => new List<LabelPair> { pair }).Concat(_choices)
            .Select(pairs => (pairs, pairs.Sum(pair => pair.Postings.Count)))];
        lists.Sort(static (a, b) => a.Count.CompareTo(b.Count)); // by the counts of one moment: lists grow meanwhile
        int count;
        if (_namespaces is not null)
            count = Union(_namespaces, candidates);
        else if (lists.Count > 0)
        {
            count = Union(lists[0].Pairs, candidates);
            lists.RemoveAt(0);
        }
        else
        {
            for (count = 0; count < View.Length; count++)
                candidates[count] = count;
        }
        foreach ((List<LabelPair> pairs, _) in lists)
        {
            if (count == 0)
                break;
            count = pairs.Count == 1
                ? Postings.Intersect(candidates.AsSpan(0, count), pairs[0].Postings.AsSpan())
                : IntersectUnion(candidates.AsSpan(0, count), pairs);
        }
        return count;
    }

    private int IntersectUnion(Span<int> candidates, List<LabelPair> pairs)
    {
        var set = new ReferenceSet(View.Length);
        foreach (LabelPair pair in pairs)
            set.Add(pair.Postings);
        int count = 0;
        foreach (int slot in candidates)
        {
            if (set.Contains(slot))
                candidates[count++] = slot;
        }
        set.Return();
        return count;
    }

    private int Copy(Postings postings, int[] candidates)
    {
        ReadOnlySpan<int> slots = postings.AsSpan();
        int count = slots.BinarySearch(View.Length); // no series that came after the view
        if (count < 0)
            count = ~count;
        slots[..count].CopyTo(candidates);
        return count;
    }

    private int Union(List<LabelPair> pairs, int[] candidates)
    {
        if (pairs.Count == 1)
            return Copy(pairs[0].Postings, candidates);
        var set = new ReferenceSet(View.Length);
        foreach (LabelPair pair in pairs)
            set.Add(pair.Postings);
        int count = set.CopyTo(candidates);
        set.Return();
        return count;
    }

    /// <summary>Keeps the candidates that a matcher accepts: by asking each, or by asking each value of the label, whichever are fewer.</summary>
    private int Filter(Span<int> candidates, Scan scan, Partition partition, CancellationToken cancellationToken)
    {
        // A limited grant asks its own series alone, so that not even the time spent depends on others' values.
        if (_namespaces is not null || candidates.Length <= scan.Values.Length)
            return FilterEach(candidates, scan, partition, cancellationToken);

        // Where a missing label is accepted, the set holds what is not; else it holds what is.
        var set = new ReferenceSet(View.Length);
        ReadOnlySpan<LabelPair> values = scan.Values.Span;
        for (int i = 0; i < values.Length; i++)
        {
            if ((i & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (scan.Matcher.Matches(values[i].Value) != scan.AcceptsMissing)
                set.Add(values[i].Postings);
        }
        int count = 0;
        foreach (int slot in candidates)
        {
            if (set.Contains(slot) != scan.AcceptsMissing)
                candidates[count++] = slot;
        }
        set.Return();
        return count;
    }

    private static int FilterEach(Span<int> candidates, Scan scan, Partition partition, CancellationToken cancellationToken)
    {
        const int Step = 512;
        int count = 0;
        LabelPair?[] pairs = ArrayPool<LabelPair?>.Shared.Rent(Step);
        var known = new Dictionary<LabelPair, bool>();
        for (int start = 0; start < candidates.Length; start += Step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<int> step = candidates.Slice(start, Math.Min(Step, candidates.Length - start));
            partition.CopyLabels(step, scan.Label, pairs);
            for (int i = 0; i < step.Length; i++)
            {
                bool accepts = scan.AcceptsMissing;
                if (pairs[i] is { } pair && !known.TryGetValue(pair, out accepts))
                    known.Add(pair, accepts = scan.Matcher.Matches(pair.Value));
                if (accepts)
                    candidates[count++] = step[i];
            }
        }
        ArrayPool<LabelPair?>.Shared.Return(pairs, clearArray: true);
        return count;
    }

    private readonly record struct Scan(Matcher Matcher, bool AcceptsMissing, LabelValuesIndex Label, ReadOnlyMemory<LabelPair> Values);
}
