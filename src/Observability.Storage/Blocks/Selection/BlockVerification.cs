using Observability.Model;

namespace Observability.Storage.Blocks.Selection;

/// <summary>Reads a block to the last value and compares it with what its index says.</summary>
internal static class BlockVerification
{
    /// <summary>What is wrong with a block; null where nothing is. To be called under a lease.</summary>
    public static Exception? FaultOf(Block block, CancellationToken cancellationToken)
    {
        try
        {
            Check(block, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is CorruptDataException or IOException or ArgumentException or IndexOutOfRangeException)
        {
            return exception;
        }
    }

    private static void Check(Block block, CancellationToken cancellationToken)
    {
        for (int unit = 0; unit < block.Index.Units.Length; unit++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            block.ReadUnit(unit);
        }
        var reading = new BlockReading(block);
        var samples = new SampleColumns();
        LabelSet before = LabelSet.Empty;
        long count = 0;
        for (int series = 0; series < block.Index.Series; series++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LabelSet labels = block.Index.LabelsOf(series, []);
            if (labels <= before)
                throw new CorruptDataException($"{labels} does not come behind {before}.");
            before = labels;
            samples.Clear();
            reading.Read(series, TimeRange.All, samples);
            count += samples.Count;
            CheckTimes(labels, samples.TimestampsMs, block.Info.Range, block.Index.TimesOf(series));
        }
        if (count != block.Info.Samples)
            throw new CorruptDataException($"It holds {count} samples, not {block.Info.Samples}.");
    }

    private static void CheckTimes(LabelSet labels, ReadOnlySpan<long> times, TimeRange range, TimeRange stated)
    {
        if (times.IsEmpty || times[0] != stated.FromMs || times[^1] != stated.ToMs || stated.FromMs < range.FromMs || stated.ToMs > range.ToMs)
            throw new CorruptDataException($"The times of {labels} are not those of the index.");
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] <= times[i - 1])
                throw new CorruptDataException($"The times of {labels} do not rise.");
        }
    }
}
