using Observability.Model;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;
using static Observability.PromQL.Lexing.GoStrings;

namespace Observability.PromQL.Functions.Windows;

/// <summary>Says in Prometheus' words what window functions noted.</summary>
internal static class WindowNoteTexts
{
    /// <param name="notes">Of all windows of one series.</param>
    /// <param name="call">The function.</param>
    /// <param name="series">The labels of the input, name included.</param>
    /// <param name="quantile">The first parameter, where there is one.</param>
    /// <param name="annotations">Where it is said.</param>
    public static void Report(WindowNotes notes, CallExpression call, LabelSet series, double quantile, Annotations annotations)
    {
        if (notes == WindowNotes.None)
            return;
        PositionRange position = Arguments.Position(call, 0);
        string name = Quote(series.MetricName);
        Warn(WindowNotes.InvalidQuantile, $"quantile value should be between 0 and 1, got {HistogramText.Format(quantile)}");
        Warn(WindowNotes.MixedFloatsAndHistograms, $"encountered a mix of histograms and floats for metric name {name}");
        Warn(WindowNotes.NotACounter, $"this native histogram metric is not a counter: {name}");
        Warn(WindowNotes.NotAGauge, $"this native histogram metric is not a gauge: {name}");
        Warn(WindowNotes.MixedBucketSchemas, $"vector contains a mix of histograms with exponential and custom buckets schemas for metric name {name}");
        Warn(WindowNotes.StartTimesOverlap, $"sample has start time that overlaps with previous sample timestamp for metric {name}");
        Warn(WindowNotes.CounterResetCollision, "conflicting counter resets during histogram aggregation");
        Inform(WindowNotes.HistogramsIgnored, $"ignored histograms in a range containing both floats and histograms for metric name {name}");
        Inform(WindowNotes.BoundsReconciledInAddition, "mismatched custom buckets were reconciled during addition");
        Inform(WindowNotes.BoundsReconciledInSubtraction, "mismatched custom buckets were reconciled during subtraction");
        Inform(WindowNotes.BoundsReconciledInAggregation, "mismatched custom buckets were reconciled during aggregation");
        if (notes.HasFlag(WindowNotes.CounterOfFloats) && !MayBeCounter(series.MetricName))
            annotations.Inform($"metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {name}", position);

        void Warn(WindowNotes note, string text)
        {
            if (notes.HasFlag(note))
                annotations.Warn(text, position);
        }

        void Inform(WindowNotes note, string text)
        {
            if (notes.HasFlag(note))
                annotations.Inform(text, position);
        }
    }

    private static bool MayBeCounter(string name) =>
        name.Length == 0 || name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_sum", StringComparison.Ordinal) ||
        name.EndsWith("_count", StringComparison.Ordinal) || name.EndsWith("_bucket", StringComparison.Ordinal);
}
