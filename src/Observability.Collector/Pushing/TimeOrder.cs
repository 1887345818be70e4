using System.Buffers;
using System.Runtime.InteropServices;
using Observability.Protocol.Ingest;

namespace Observability.Collector.Pushing;

/// <summary>
/// Puts samples in the order of their times, those of one time in the order in which they came. A page has thousands of samples and a few
/// hundred times, so each is counted to its place: no sample is compared with another.
/// </summary>
internal sealed class TimeOrder
{
    private readonly Dictionary<long, int> _places = [];
    private readonly List<(long TimestampMs, int Count)> _times = [];
    private BatchSample[] _sorted = [];

    /// <returns>The samples in order: in a buffer of this object's, good until the next call.</returns>
    public ReadOnlySpan<BatchSample> Sort(ReadOnlySpan<BatchSample> samples)
    {
        if (samples.Length <= 1)
            return samples;
        int[] places = ArrayPool<int>.Shared.Rent(samples.Length);
        Count(samples, places);

        // From counts to the place of each time's first sample.
        Span<(long TimestampMs, int Count)> times = CollectionsMarshal.AsSpan(_times);
        int[] order = ArrayPool<int>.Shared.Rent(times.Length);
        int[] next = ArrayPool<int>.Shared.Rent(times.Length);
        for (int i = 0; i < times.Length; i++)
            order[i] = i;
        order.AsSpan(0, times.Length).Sort((a, b) => _times[a].TimestampMs.CompareTo(_times[b].TimestampMs));
        int first = 0;
        foreach (int place in order.AsSpan(0, times.Length))
        {
            next[place] = first;
            first += times[place].Count;
        }

        if (_sorted.Length < samples.Length)
            _sorted = new BatchSample[samples.Length + (samples.Length / 4)];
        for (int i = 0; i < samples.Length; i++)
            _sorted[next[places[i]]++] = samples[i];
        ArrayPool<int>.Shared.Return(places);
        ArrayPool<int>.Shared.Return(order);
        ArrayPool<int>.Shared.Return(next);
        return _sorted.AsSpan(0, samples.Length);
    }

    private void Count(ReadOnlySpan<BatchSample> samples, int[] places)
    {
        _places.Clear();
        _times.Clear();
        (long timeMs, int place) = (long.MinValue, -1);
        for (int i = 0; i < samples.Length; i++)
        {
            if (samples[i].TimestampMs != timeMs || place < 0)
            {
                timeMs = samples[i].TimestampMs;
                ref int known = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, timeMs, out bool exists);
                if (!exists)
                {
                    known = _times.Count;
                    _times.Add((timeMs, 0));
                }
                place = known;
            }
            places[i] = place;
            CollectionsMarshal.AsSpan(_times)[place].Count++;
        }
    }
}
