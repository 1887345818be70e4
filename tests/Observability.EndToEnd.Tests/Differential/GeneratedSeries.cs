using Observability.Model;

namespace Observability.EndToEnd.Tests.Differential;

internal sealed record GeneratedSeries(LabelSet Labels, IReadOnlyList<Sample> Samples);
