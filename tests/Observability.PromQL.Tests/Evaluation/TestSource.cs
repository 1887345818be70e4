using Observability.Model;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;

namespace Observability.PromQL.Tests.Evaluation;

/// <summary>Series in memory that remember how they were selected.</summary>
internal sealed class TestSource : ISeriesSource
{
    private readonly List<TestSeries> _series = [];

    /// <summary>How the engine selected, in order.</summary>
    public List<SelectHints> Selections { get; } = [];

    /// <summary>Called before each read.</summary>
    public Action OnRead { get; set; } = () => { };

    /// <param name="stepMs">Between samples; the first is at 0. NaN in <paramref name="values"/> is a value; null is none.</param>
    public TestSource Add(long stepMs, (string, string)[] labels, params ReadOnlySpan<double?> values)
    {
        var samples = new List<Sample>();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value)
                samples.Add(new Sample(i * stepMs, value));
        }
        return Add(labels, samples);
    }

    public TestSource Add((string, string)[] labels, List<Sample> samples)
    {
        _series.Add(new TestSeries(this, LabelSet.Of(labels), samples));
        return this;
    }

    public IReadOnlyList<ISeries> Select(IReadOnlyList<Matcher> matchers, SelectHints hints, CancellationToken cancellationToken)
    {
        lock (Selections)
            Selections.Add(hints);
        return [.. _series.Where(series => matchers.All(matcher => matcher.Matches(series.Labels[matcher.Name])))];
    }

    private sealed class TestSeries(TestSource owner, LabelSet labels, List<Sample> samples) : ISeries
    {
        public LabelSet Labels { get; } = labels;

        public void Read(TimeRange range, SeriesSamples into)
        {
            owner.OnRead();
            foreach (Sample sample in samples)
            {
                if (range.Contains(sample.TimestampMs))
                    into.Add(sample.TimestampMs, sample.Value);
            }
        }
    }
}
