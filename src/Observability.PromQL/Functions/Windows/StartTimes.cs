namespace Observability.PromQL.Functions.Windows;

/// <summary>What the times at which counters started tell about two neighbouring samples. A start of 0 is unknown.</summary>
internal static class StartTimes
{
    /// <summary>Whether the counter of the second sample started after the first sample.</summary>
    /// <remarks>
    /// A start at the very time of the first sample is how deltas are written, but also how a counter is that began before anyone looked;
    /// the latter shows in a first sample that has no start itself.
    /// </remarks>
    public static bool ShowReset(long previousStart, long previous, long start, long time)
    {
        if (start == 0 || start >= time || start < previous)
            return false;
        return start > previous || (previousStart < previous && previousStart != 0);
    }

    /// <summary>Whether the second sample claims a time that the first one covers, though it is not of the same run.</summary>
    public static bool Overlap(long previousStart, long previous, long start) => start != 0 && start < previous && start != previousStart;
}
