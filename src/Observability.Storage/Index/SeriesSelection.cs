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
    private readonly IndexView _view;
    private readonly List<LabelPair>? _namespaces;      // null: the whole partition
    private readonly List<LabelPair> _exact = [];       // each must be there
    private readonly List<Scan> _scans = [];
    private readonly bool _isEmpty;

    /// <summary>To be called under the partition's lock. The namespaces are those that the grant is limited to; null where it is not.</summary>
    public SeriesSelection(SeriesIndex index, IEnumerable<string>? namespaces, IReadOnlyList<Matcher> matchers)
    {
        _view = index.View;
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
            if (isKnown)
                _scans.Add(new Scan(matcher, acceptsMissing, label!.All));
            else if (!acceptsMissing)
                _isEmpty = true;
        }
        _scans.Sort(static (a, b) => a.Values.Length.CompareTo(b.Values.Length));
    }

    /// <summary>False when the index was numbered anew meanwhile, so that the answer means nothing.</summary>
    public bool TryRun(List<HeadSeries> selected, CancellationToken cancellationToken)
    {
        selected.Clear();
        if (_isEmpty)
            return true;
        int[] candidates = ArrayPool<int>.Shared.Rent(Math.Max(1, _view.Length));
        try
        {
            int count = FirstCandidates(candidates, cancellationToken);
            foreach (Scan scan in _scans)
                count = Filter(candidates.AsSpan(0, count), scan, cancellationToken);
            foreach (int reference in candidates.AsSpan(0, count))
            {
                if (_view[reference] is { } series)
                    selected.Add(series);
            }
            return _view.IsCurrent;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(candidates);
        }
    }

    private int FirstCandidates(int[] candidates, CancellationToken cancellationToken)
    {
        List<(Postings Postings, int Count)> lists = [.. _exact.Select(pair => (pair.Postings, pair.Postings.Count))];
        lists.Sort(static (a, b) => a.Count.CompareTo(b.Count)); // by the counts of one moment: lists grow meanwhile
        int count;
        if (_namespaces is not null)
            count = Union(_namespaces, candidates);
        else if (lists.Count > 0)
        {
            count = Copy(lists[0].Postings, candidates);
            lists.RemoveAt(0);
        }
        else
            count = Everything(candidates, cancellationToken);
        foreach ((Postings list, _) in lists)
            count = Postings.Intersect(candidates.AsSpan(0, count), list.AsSpan());
        return count;
    }

    private int Copy(Postings postings, int[] candidates)
    {
        int count = 0;
        foreach (int reference in postings.AsSpan())
        {
            if (reference < _view.Length) // not of a series that came after the view
                candidates[count++] = reference;
        }
        return count;
    }

    private int Union(List<LabelPair> pairs, int[] candidates)
    {
        if (pairs.Count == 1)
            return Copy(pairs[0].Postings, candidates);
        var set = new ReferenceSet(_view.Length);
        foreach (LabelPair pair in pairs)
            set.Add(pair.Postings);
        int count = set.CopyTo(candidates);
        set.Return();
        return count;
    }

    private int Everything(int[] candidates, CancellationToken cancellationToken)
    {
        int count = 0;
        for (int reference = 0; reference < _view.Length; reference++)
        {
            if ((reference & 0xFFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (_view[reference] is not null)
                candidates[count++] = reference;
        }
        return count;
    }

    /// <summary>Keeps the candidates that a matcher accepts: by asking each, or by asking each value of the label, whichever are fewer.</summary>
    private int Filter(Span<int> candidates, Scan scan, CancellationToken cancellationToken)
    {
        int count = 0;
        // A limited grant asks its own series alone, so that not even the time spent depends on others' values.
        if (_namespaces is not null || candidates.Length <= scan.Values.Length)
        {
            for (int i = 0; i < candidates.Length; i++)
            {
                if ((i & 0xFFF) == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                if (_view[candidates[i]] is { } series && scan.Matcher.Matches(series.ValueOf(scan.Matcher.Name)))
                    candidates[count++] = candidates[i];
            }
            return count;
        }

        // Where a missing label is accepted, the set holds what is not; else it holds what is.
        var set = new ReferenceSet(_view.Length);
        ReadOnlySpan<LabelPair> values = scan.Values.Span;
        for (int i = 0; i < values.Length; i++)
        {
            if ((i & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (scan.Matcher.Matches(values[i].Value) != scan.AcceptsMissing)
                set.Add(values[i].Postings);
        }
        foreach (int reference in candidates)
        {
            if (set.Contains(reference) != scan.AcceptsMissing)
                candidates[count++] = reference;
        }
        set.Return();
        return count;
    }

    private readonly record struct Scan(Matcher Matcher, bool AcceptsMissing, ReadOnlyMemory<LabelPair> Values);
}
