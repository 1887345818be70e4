namespace Observability.PromQL.Functions.Windows;

/// <summary><c>changes</c> and <c>resets</c>. A change between float and histogram counts as both.</summary>
internal static class ChangesAndResets
{
    public static bool Changes(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        Count(window, static (before, now) => before.Histogram is { } old && now.Histogram is { } current
            ? !current.Equals(old)
            : before.Histogram is not null || now.Histogram is not null || !(now.Number.Equals(before.Number) || now.Number == before.Number), out value);

    public static bool Resets(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        Count(window, static (before, now) =>
        {
            if (before.Histogram is null != now.Histogram is null)
                return true;
            return StartTimes.ShowReset(before.StartMs, before.TimeMs, now.StartMs, now.TimeMs) ||
                (before.Histogram is { } old && now.Histogram is { } current ? current.DetectReset(old) : now.Number < before.Number);
        }, out value);

    private static bool Count(in SampleWindow window, Func<MixedSamples.Sample, MixedSamples.Sample, bool> counts, out FunctionValue value)
    {
        value = default;
        var samples = new MixedSamples(window);
        if (window.Anchored && !TrySkipToAnchor(window, ref samples))
            return false;
        if (!samples.HasNext)
            return false;
        int count = 0;
        MixedSamples.Sample before = samples.Next();
        while (samples.HasNext)
        {
            MixedSamples.Sample now = samples.Next();
            if (counts(before, now))
                count++;
            before = now;
        }
        value = count;
        return true;
    }

    /// <summary>The anchor is the last sample at or before the start of the range, of whichever kind.</summary>
    private static bool TrySkipToAnchor(in SampleWindow window, ref MixedSamples samples)
    {
        int firstFloat = WindowSearch.FirstAfter(window.Times, window.StartMs), firstHistogram = WindowSearch.FirstAfter(window.Histograms, window.StartMs);
        if (firstFloat == window.Times.Length && firstHistogram == window.Histograms.Length)
            return false;
        if (firstFloat > 0 && (firstHistogram == 0 || window.Times[firstFloat - 1] >= window.Histograms[firstHistogram - 1].TimestampMs))
            firstFloat--;
        else if (firstHistogram > 0)
            firstHistogram--;
        samples.Start(firstFloat, firstHistogram);
        return true;
    }
}
