using System.Globalization;
using Observability.Conformance.Language;
using Observability.Model;
using Observability.PromQL.Histograms;

namespace Observability.Conformance.Data;

/// <summary>Classic histograms as native ones with custom buckets: what <c>load_with_nhcb</c> adds.</summary>
internal static class CustomBuckets
{
    public static IEnumerable<(LabelSet Labels, StoredSample Sample)> Convert(LoadCommand command)
    {
        SortedDictionary<LabelSet, SortedDictionary<long, Classic>> histograms = [];
        foreach (SeriesDescription series in command.Series)
        {
            string name = series.Labels.MetricName;
            double bound = 0;
            if (name.EndsWith("_bucket", StringComparison.Ordinal))
            {
                if (!SequenceReader.TryNumber(series.Labels["le"] ?? "", out bound) || double.IsNaN(bound))
                    continue;
                Collect("_bucket", (classic, value) => classic.Buckets[bound] = value);
            }
            else if (name.EndsWith("_count", StringComparison.Ordinal))
                Collect("_count", (classic, value) => classic.Count = value);
            else if (name.EndsWith("_sum", StringComparison.Ordinal))
                Collect("_sum", (classic, value) => classic.Sum = value);

            void Collect(string suffix, Action<Classic, double> take)
            {
                LabelSet labels = series.Labels.With("le", "").With(LabelNames.MetricName, name[..^suffix.Length]);
                if (!histograms.TryGetValue(labels, out SortedDictionary<long, Classic>? times))
                    histograms.Add(labels, times = []);
                for (int i = 0; i < series.Values.Count; i++)
                {
                    DescribedValue value = series.Values[i];
                    if (value.IsOmitted || value.Histogram is not null)
                        continue;
                    long timestampMs = i * command.StepMs;
                    if (!times.TryGetValue(timestampMs, out Classic? classic))
                        times.Add(timestampMs, classic = new Classic());
                    take(classic, value.Value);
                }
            }
        }
        foreach ((LabelSet labels, SortedDictionary<long, Classic> times) in histograms)
        {
            foreach ((long timestampMs, Classic classic) in times)
                yield return (labels, new StoredSample(timestampMs, 0, classic.ToNative(command.Line)));
        }
    }

    private sealed class Classic
    {
        public SortedDictionary<double, double> Buckets { get; } = [];

        public double? Count { get; set; }

        public double Sum { get; set; }

        public FloatHistogram ToNative(int line)
        {
            double count = Count ?? (Buckets.Count > 0 ? Buckets.Values.Last() : 0);
            Buckets.TryAdd(double.PositiveInfinity, count);
            if (Buckets[double.PositiveInfinity] != count)
                throw new ScriptException(line, "the last bucket of a classic histogram does not hold its count");
            List<double> counts = [];
            double before = 0;
            foreach (double cumulative in Buckets.Values)
            {
                if (cumulative < before)
                    throw new ScriptException(line, string.Create(CultureInfo.InvariantCulture, $"a bucket of a classic histogram falls from {before} to {cumulative}"));
                counts.Add(cumulative - before);
                before = cumulative;
            }
            return new FloatHistogram
            {
                Schema = FloatHistogram.CustomSchema,
                Count = count,
                Sum = Sum,
                Positive = SparseBuckets.FromDense(0, [.. counts]),
                CustomBounds = [.. Buckets.Keys.SkipLast(1)],
            }.Compact();
        }
    }
}
