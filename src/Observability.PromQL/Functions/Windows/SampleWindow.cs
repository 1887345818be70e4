using Observability.PromQL.Results;

namespace Observability.PromQL.Functions.Windows;

/// <summary>What a function of a range vector sees at one step of one series.</summary>
internal readonly ref struct SampleWindow
{
    /// <summary>Of the floats, rising. With <see cref="Anchored"/> and <see cref="Smoothed"/> there can be samples before and behind the range.</summary>
    public ReadOnlySpan<long> Times { get; init; }

    public ReadOnlySpan<double> Values { get; init; }

    /// <summary>When each float's counter started, 0 where that is unknown; empty where nothing is known.</summary>
    public ReadOnlySpan<long> StartTimes { get; init; }

    public ReadOnlySpan<HistogramPoint> Histograms { get; init; }

    public ReadOnlySpan<long> HistogramStartTimes { get; init; }

    /// <summary>The range begins behind this.</summary>
    public long StartMs { get; init; }

    /// <summary>The range ends with this.</summary>
    public long EndMs { get; init; }

    /// <summary>The step that is evaluated; differs from <see cref="EndMs"/> with <c>offset</c> and <c>@</c>.</summary>
    public long StepMs { get; init; }

    public bool Anchored { get; init; }

    public bool Smoothed { get; init; }

    public double RangeSeconds => (EndMs - StartMs) / 1000.0;
}
