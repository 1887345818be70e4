using System.Globalization;
using Observability.PromQL.Histograms;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Results;

/// <summary>
/// What a query has to tell besides its answer. One text stands once, at the place where it was said last. Used by one thread at a time:
/// parts of a query that run at once have each their own, and are merged in the order of the query.
/// </summary>
public sealed class Annotations
{
    private const string Monotonicity =
        "input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)";

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public bool IsEmpty => _entries.Count == 0;

    /// <param name="text">Without prefix and place: <c>quantile value should be between 0 and 1, got 2</c>.</param>
    /// <param name="position">Where in the query.</param>
    public void Warn(string text, PositionRange position) => Put(new Entry(AnnotationKind.Warning, text, position, null));

    /// <inheritdoc cref="Warn"/>
    public void Inform(string text, PositionRange position) => Put(new Entry(AnnotationKind.Info, text, position, null));

    /// <summary>A classic histogram whose buckets fell where they must rise. Those of one metric are told together.</summary>
    public void InformOfForcedMonotonicity(string metricName, PositionRange position, long timestampMs, double firstBound, double lastBound, double maxDifference) =>
        Put(new Entry(AnnotationKind.Info, Named(Monotonicity, metricName), position,
            new FallingBuckets(1, firstBound, lastBound, maxDifference, timestampMs, timestampMs)));

    public void Merge(Annotations other)
    {
        foreach (string key in other._order)
            Put(other._entries[key]);
    }

    /// <summary>Texts as in the API: <c>PromQL warning: … (1:6)</c>, in the order in which they were first said.</summary>
    /// <param name="kind">Which of them.</param>
    /// <param name="query">The text that positions count in.</param>
    public IReadOnlyList<string> Render(AnnotationKind kind, string query) =>
        [.. _order.Select(key => _entries[key]).Where(entry => entry.Kind == kind).Select(entry => entry.Render(query))];

    internal static string Named(string text, string metricName) => metricName.Length == 0 ? text : $"{text} for metric name {Lexing.GoStrings.Quote(metricName)}";

    private void Put(Entry entry)
    {
        string key = entry.Key;
        if (!_entries.TryGetValue(key, out Entry? before))
            _order.Add(key);
        else if (before.Buckets is { } buckets && entry.Buckets is { } more)
            entry = entry with { Buckets = buckets.With(more) };
        _entries[key] = entry;
    }

    private sealed record Entry(AnnotationKind Kind, string Text, PositionRange Position, FallingBuckets? Buckets)
    {
        public string Key { get; } = (Kind == AnnotationKind.Warning ? "PromQL warning: " : "PromQL info: ") + Text;

        public string Render(string query) => $"{Key}{Buckets?.Render()} ({Position.StartIn(query)})";
    }

    private sealed record FallingBuckets(int Samples, double FirstBound, double LastBound, double MaxDifference, long FirstMs, long LastMs)
    {
        public FallingBuckets With(FallingBuckets other) => new(
            Samples + other.Samples, Math.Min(FirstBound, other.FirstBound), Math.Max(LastBound, other.LastBound),
            Math.Max(MaxDifference, other.MaxDifference), Math.Min(FirstMs, other.FirstMs), Math.Max(LastMs, other.LastMs));

        public string Render() =>
            $", from buckets {HistogramText.Format(FirstBound)} to {HistogramText.Format(LastBound)}, with a max diff of {HistogramText.Format(TwoDigits(MaxDifference))}" +
            $", over {Samples.ToString(CultureInfo.InvariantCulture)} samples from {Time(FirstMs)} to {Time(LastMs)}";

        private static double TwoDigits(double value) => double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

        private static string Time(long ms)
        {
            // Steps can lie outside of what a date can say.
            const long Last = 253402300799999;
            return DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, -62135596800000, Last)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
    }
}
