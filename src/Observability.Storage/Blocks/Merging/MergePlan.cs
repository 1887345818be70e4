namespace Observability.Storage.Blocks.Merging;

/// <summary>Decides what is merged next.</summary>
internal static class MergePlan
{
    private const long HourMs = 3_600_000;

    /// <summary>Lengths that blocks are merged to, each a multiple of the one before and counted from the epoch.</summary>
    private static readonly long[] LevelsMs = [2 * HourMs, 6 * HourMs, 24 * HourMs];

    /// <summary>
    /// The blocks, by time, that lie in one range of a level: two or more, of which none reaches out of it. The range must be over, that
    /// is, some block ends behind it. The shortest level and the oldest range come first. Null where there is none.
    /// </summary>
    public static Block[]? Next(IReadOnlyList<Block> live)
    {
        long newestMs = live.Select(block => block.Info.Range.ToMs).DefaultIfEmpty(long.MinValue).Max();
        foreach (long lengthMs in LevelsMs)
        {
            foreach (IGrouping<long, Block> group in live.GroupBy(block => Slot(block.Info.Range.FromMs, lengthMs)).OrderBy(group => group.Key))
            {
                Block[] inside = [.. group.Where(block => Slot(block.Info.Range.ToMs, lengthMs) == group.Key)];
                if (inside.Length > 1 && Slot(newestMs, lengthMs) > group.Key)
                    return inside;
            }
        }
        return null;
    }

    private static long Slot(long timeMs, long lengthMs) => timeMs >= 0 ? timeMs / lengthMs : ((timeMs + 1) / lengthMs) - 1;
}
