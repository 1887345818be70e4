using Observability.Model;

namespace Observability.Storage.Head;

/// <summary>A series that a selection found, and the times that it may show.</summary>
internal readonly record struct VisibleSeries(HeadSeries Series, TimeRange Range);
