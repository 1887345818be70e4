using Observability.Conformance.Language;
using Observability.Model;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.Conformance.Running;

/// <summary>Compares a result with what a case expects; each method says what is wrong, or null.</summary>
internal static class Comparison
{
    public static string? Result(EvalCommand command, QueryResult result) => result.Type switch
    {
        ExpressionType.Scalar => command.Scalar is { } scalar ? Number(scalar, result.Scalar.Value) : "expected series, got a scalar",
        ExpressionType.String => string.Equals(command.Text, result.Text, StringComparison.Ordinal) ? null : $"expected the string {command.Text}, got {result.Text}",
        ExpressionType.Matrix => Matrix(command, result.Series),
        _ => command.Scalar is not null ? "expected a scalar, got a vector" : Vector(command, result.Series),
    };

    /// <summary>The points of one time of a range query's result, compared as if they were an instant query's.</summary>
    public static string? Middle(EvalCommand command, QueryResult range, ExpressionType instantType)
    {
        if (Sorted(range.Series) is { } fault)
            return fault;
        List<ResultSeries> vector = [.. range.Series.Select(series => At(series, command.StartMs)).OfType<ResultSeries>()];
        if (instantType == ExpressionType.Scalar)
            return command.Scalar is { } scalar && vector.Count == 1 ? Number(scalar, vector[0].Values.Span[0]) : "expected one series of a scalar's values";
        return Vector(command, vector);
    }

    private static string? Vector(EvalCommand command, IReadOnlyList<ResultSeries> vector)
    {
        Dictionary<LabelSet, int> places = command.Series.Select((series, place) => (series.Labels, place)).ToDictionary();
        HashSet<LabelSet> seen = [];
        for (int i = 0; i < vector.Count; i++)
        {
            LabelSet labels = vector[i].Labels;
            if (!places.TryGetValue(labels, out int place))
                return $"unexpected {labels} {Text(vector[i])}";
            if (!seen.Add(labels))
                return $"{labels} stands twice";
            if (command.Has(ExpectationKind.Ordered) && place != i)
                return $"{labels} stands at place {i + 1} instead of {place + 1}";
            DescribedValue expected = command.Series[place].Values[0];
            if (Value(expected, vector[i]) is { } fault)
                return $"{labels}: {fault}";
        }
        return command.Series.FirstOrDefault(series => !seen.Contains(series.Labels)) is { } missing ? $"missing {missing.Labels}" : null;
    }

    private static string? Matrix(EvalCommand command, IReadOnlyList<ResultSeries> matrix)
    {
        if (Sorted(matrix) is { } unsorted)
            return unsorted;
        (long startMs, _, long stepMs) = command.RangeVector ?? (command.StartMs, command.EndMs, command.StepMs);
        Dictionary<LabelSet, SeriesDescription> expected = command.Series.ToDictionary(series => series.Labels);
        foreach (ResultSeries series in matrix)
        {
            if (!expected.Remove(series.Labels, out SeriesDescription? described))
                return $"unexpected {series.Labels} {Text(series)}";
            int floats = 0, histograms = 0;
            for (int i = 0; i < described.Values.Count; i++)
            {
                DescribedValue value = described.Values[i];
                long timestampMs = startMs + (i * stepMs);
                if (value.IsOmitted)
                    continue;
                string? fault;
                if (value.Histogram is null)
                {
                    if (floats >= series.Values.Length || series.TimestampsMs.Span[floats] != timestampMs)
                        return $"{series.Labels}: no value at {timestampMs} ms: {Text(series)}";
                    fault = Number(value, series.Values.Span[floats++]);
                }
                else
                {
                    if (histograms >= series.Histograms.Count || series.Histograms[histograms].TimestampMs != timestampMs)
                        return $"{series.Labels}: no histogram at {timestampMs} ms: {Text(series)}";
                    fault = Histogram(value, series.Histograms[histograms++].Histogram);
                }
                if (fault is not null)
                    return $"{series.Labels} at {timestampMs} ms: {fault}";
            }
            if (floats != series.Values.Length || histograms != series.Histograms.Count)
                return $"{series.Labels}: more points than expected: {Text(series)}";
        }
        return expected.Count > 0 ? $"missing {expected.Keys.First()}" : null;
    }

    private static string? Sorted(IReadOnlyList<ResultSeries> matrix)
    {
        for (int i = 1; i < matrix.Count; i++)
        {
            if (matrix[i - 1].Labels.CompareTo(matrix[i].Labels) > 0)
                return $"{matrix[i].Labels} stands behind {matrix[i - 1].Labels}";
        }
        return null;
    }

    private static ResultSeries? At(ResultSeries series, long timestampMs)
    {
        int at = series.TimestampsMs.Span.IndexOf(timestampMs);
        List<HistogramPoint> histograms = [.. series.Histograms.Where(point => point.TimestampMs == timestampMs)];
        return at < 0 && histograms.Count == 0 ? null : new ResultSeries
        {
            Labels = series.Labels,
            TimestampsMs = at < 0 ? default : series.TimestampsMs.Slice(at, 1),
            Values = at < 0 ? default : series.Values.Slice(at, 1),
            Histograms = histograms,
        };
    }

    private static string? Value(DescribedValue expected, ResultSeries series)
    {
        if (expected.Histogram is not null)
            return series.Histograms.Count == 1 ? Histogram(expected, series.Histograms[0].Histogram) : $"expected a histogram, got {Text(series)}";
        return series.Values.Length == 1 ? Number(expected, series.Values.Span[0]) : $"expected {expected.Value}, got {Text(series)}";
    }

    private static string? Number(DescribedValue expected, double actual) =>
        NearlyEqual.Numbers(expected.Value, actual) ? null : FormattableString.Invariant($"expected {expected.Value}, got {actual}");

    private static string? Histogram(DescribedValue expected, FloatHistogram actual)
    {
        FloatHistogram histogram = expected.Histogram!; // the caller looked
        if (expected.SaysHint && histogram.CounterResetHint != actual.CounterResetHint)
            return $"expected the hint {histogram.CounterResetHint}, got {actual.CounterResetHint}";
        return histogram.Compact().IsNear(actual.Compact(), NearlyEqual.Numbers) ? null : $"expected {histogram}, got {actual}";
    }

    private static string Text(ResultSeries series)
    {
        IEnumerable<string> floats = series.TimestampsMs.ToArray().Zip(series.Values.ToArray(), (time, value) => FormattableString.Invariant($"{value}@{time}"));
        return string.Join(' ', floats.Concat(series.Histograms.Select(point => FormattableString.Invariant($"{point.Histogram}@{point.TimestampMs}"))));
    }
}
