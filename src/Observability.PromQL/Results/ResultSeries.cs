using Observability.Model;

namespace Observability.PromQL.Results;

/// <summary>One series of a result. In an instant vector it has one point: a float or a histogram.</summary>
public sealed class ResultSeries
{
    public required LabelSet Labels { get; init; }

    /// <summary>Times of <see cref="Values"/>, rising.</summary>
    public ReadOnlyMemory<long> TimestampsMs { get; init; }

    /// <summary>The floats; as many as <see cref="TimestampsMs"/>.</summary>
    public ReadOnlyMemory<double> Values { get; init; }

    /// <summary>The histograms, times rising.</summary>
    public IReadOnlyList<HistogramPoint> Histograms { get; init; } = [];
}
