using Observability.Conformance.Language;
using Observability.Model;
using Observability.PromQL.Sources;

namespace Observability.Conformance.Data;

/// <summary>The series that a script has loaded.</summary>
internal sealed class MemoryStorage : ISeriesSource
{
    private readonly SortedDictionary<LabelSet, MemorySeries> _series = [];

    public void Clear() => _series.Clear();

    public void Load(LoadCommand command)
    {
        foreach (SeriesDescription described in command.Series)
        {
            for (int i = 0; i < described.Values.Count; i++)
            {
                DescribedValue value = described.Values[i];
                if (value.IsOmitted)
                    continue;
                long timestampMs = i * command.StepMs;
                long startMs = described.StartOffsetsMs?[i] is { } offset ? timestampMs + offset : 0;
                Add(described.Labels, new StoredSample(timestampMs, value.Value, value.Histogram, startMs));
            }
        }
        if (command.WithCustomBuckets)
        {
            foreach ((LabelSet labels, StoredSample sample) in CustomBuckets.Convert(command))
                Add(labels, sample);
        }
    }

    public IReadOnlyList<ISeries> Select(IReadOnlyList<Matcher> matchers, SelectHints hints, CancellationToken cancellationToken) =>
        [.. _series.Values.Where(series => matchers.All(matcher => matcher.Matches(series.Labels[matcher.Name])))];

    private void Add(LabelSet labels, StoredSample sample)
    {
        if (!_series.TryGetValue(labels, out MemorySeries? series))
            _series.Add(labels, series = new MemorySeries(labels));
        series.Add(sample);
    }
}
