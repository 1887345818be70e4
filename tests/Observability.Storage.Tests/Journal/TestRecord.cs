using Observability.Model;

namespace Observability.Storage.Tests.Journal;

/// <summary>A record made by hand: samples as (series, time, bits), a series' id being its place in the order of first use.</summary>
internal sealed class TestRecord : JournalRecord
{
    private readonly JournalRun[] _runs;
    private readonly long[] _ids;
    private readonly long[] _bits;
    private readonly LabelSet[] _labels;

    public TestRecord(TenantUid partition, Dictionary<LabelSet, long> ids, IReadOnlyList<(LabelSet Labels, long TimestampMs, long Bits)> samples)
    {
        Partition = partition;
        _labels = [.. samples.Select(sample => sample.Labels)];
        _ids = [.. samples.Select(sample => ids.TryGetValue(sample.Labels, out long id) ? id : ids[sample.Labels] = ids.Count + 1)];
        _bits = [.. samples.Select(sample => sample.Bits)];
        List<JournalRun> runs = [];
        foreach ((_, long timestampMs, _) in samples)
        {
            if (runs.Count > 0 && runs[^1].TimestampMs == timestampMs)
                runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
            else
                runs.Add(new JournalRun(timestampMs, 1));
        }
        _runs = [.. runs];
    }

    public override TenantUid Partition { get; }

    public override ReadOnlySpan<JournalRun> Runs => _runs;

    public override ReadOnlySpan<long> SeriesIds => _ids;

    public override ReadOnlySpan<long> ValueBits => _bits;

    public override LabelSet LabelsOf(int sample) => _labels[sample];
}
