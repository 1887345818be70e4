using Observability.Protocol.Ingest;

namespace Observability.Collector.Series;

/// <summary>Samples of pods that the directory does not have yet, oldest first.</summary>
internal sealed class HeldSamples
{
    /// <summary>Most samples held: two minutes of a full node.</summary>
    private const int MaxCount = 65_536;

    private readonly List<(BatchSample Sample, long HeldMs)> _samples = [];

    internal int Count => _samples.Count;

    internal bool TryHold(in BatchSample sample, long nowMs)
    {
        if (_samples.Count >= MaxCount)
            return false;
        _samples.Add((sample, nowMs));
        return true;
    }

    /// <summary>Gives up what was held before a time.</summary>
    internal void Expire(long beforeMs, SeriesTable table, PageOutput output)
    {
        int count = 0;
        while (count < _samples.Count && _samples[count].HeldMs < beforeMs)
            table.Release(_samples[count++].Sample, output);
        _samples.RemoveRange(0, count);
    }

    /// <summary>Lets the samples of pods that are known now go to the output.</summary>
    internal void Release(SeriesTable table, PageOutput output)
    {
        int kept = 0;
        for (int i = 0; i < _samples.Count; i++)
        {
            (BatchSample Sample, long HeldMs) held = _samples[i];
            if (table.IsResolved(held.Sample.Ref))
                table.Release(held.Sample, output);
            else
                _samples[kept++] = held;
        }
        _samples.RemoveRange(kept, _samples.Count - kept);
    }
}
