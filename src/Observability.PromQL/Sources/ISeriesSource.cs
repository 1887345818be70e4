using Observability.Model;

namespace Observability.PromQL.Sources;

/// <summary>
/// Where the engine reads. Whose data that is was decided when the source was made: the engine has no way around it, whatever a query says.
/// </summary>
public interface ISeriesSource
{
    /// <summary>Series that match all <paramref name="matchers"/> and may have samples in the hints' range, each label set once, in any order.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IReadOnlyList<ISeries> Select(IReadOnlyList<Matcher> matchers, SelectHints hints, CancellationToken cancellationToken);
}
