using Observability.Model;

namespace Observability.PromQL.Sources;

/// <summary>One series of a source. Different series may be read by different threads at once.</summary>
public interface ISeries
{
    LabelSet Labels { get; }

    /// <summary>Adds the samples in <paramref name="range"/>, both ends inclusive, oldest first, stale markers included.</summary>
    /// <param name="range">Of time.</param>
    /// <param name="into">Cleared by the caller.</param>
    void Read(TimeRange range, SeriesSamples into);
}
