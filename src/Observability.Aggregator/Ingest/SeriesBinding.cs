using Observability.Storage;

namespace Observability.Aggregator.Ingest;

/// <summary>What one ref of a stream stands for: two references, since there is one per series and node.</summary>
/// <param name="Handle">The series in the partition of who owned it when it was defined; null of a refused one, whose samples are counted and dropped.</param>
/// <param name="Pod">Null of series that belong to no pod.</param>
internal readonly record struct SeriesBinding(SeriesHandle? Handle, PodOwnership? Pod);
