using Observability.Model;

namespace Observability.Storage;

/// <summary>Definition of a series: the id that samples of its partition refer to.</summary>
public readonly record struct JournalSeries(long Id, LabelSet Labels);
