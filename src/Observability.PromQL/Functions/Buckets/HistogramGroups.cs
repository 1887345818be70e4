using System.Globalization;
using Observability.Model;
using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Lexing;
using Observability.PromQL.Results;

namespace Observability.PromQL.Functions.Buckets;

/// <summary>The series of a vector sorted into histograms, once for all steps: native ones, and the buckets of classic ones by their labels without <c>le</c>.</summary>
internal sealed class HistogramGroups
{
    private const string BoundLabel = "le";

    private readonly Dictionary<LabelSet, Group> _byLabels = [];

    public HistogramGroups(FunctionCall call, int vectorArgument, List<StepSeries> series)
    {
        int steps = call.Grid.Count;
        foreach (StepSeries one in series)
        {
            LabelSet labels = one.Labels[BoundLabel] is null ? one.Labels : one.Labels.With(BoundLabel, "");
            if (one.Histograms is { } histograms && Array.Exists(histograms, static histogram => histogram is not null))
                GroupOf(labels).Natives.Add(one);
            if (!HasFloats(one, steps))
                continue;
            string text = one.Labels[BoundLabel] ?? "";
            if (TryParseBound(text, out double bound))
            {
                GroupOf(labels).Add(bound, one);
                continue;
            }
            call.Annotations.Warn(
                Annotations.Named($"bucket label \"le\" is missing or has a malformed value of {GoStrings.Quote(text)}", one.Labels.MetricName),
                Arguments.Position(call.Expression, vectorArgument));
        }
        foreach (Group group in Groups)
            group.Sort();
    }

    /// <summary>In the order of their first series.</summary>
    public List<Group> Groups { get; } = [];

    private static bool HasFloats(StepSeries series, int steps)
    {
        foreach (double value in series.Values.AsSpan(0, steps))
        {
            if (!StepValue.IsAbsent(value))
                return true;
        }
        return false;
    }

    private static bool TryParseBound(string text, out double bound)
    {
        ReadOnlySpan<char> size = text.AsSpan(text.Length > 0 && text[0] is '+' or '-' ? 1 : 0);
        if (size.Equals("inf", StringComparison.OrdinalIgnoreCase) || size.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            bound = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            bound = double.NaN;
            return true;
        }
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out bound) &&
            double.IsFinite(bound);
    }

    private Group GroupOf(LabelSet labels)
    {
        if (!_byLabels.TryGetValue(labels, out Group? group))
        {
            group = new Group(labels);
            _byLabels.Add(labels, group);
            Groups.Add(group);
        }
        return group;
    }

    internal sealed class Group(LabelSet labels)
    {
        private readonly List<(double Bound, StepSeries Series)> _buckets = [];

        /// <summary>Without <c>le</c>.</summary>
        public LabelSet Labels { get; } = labels;

        public List<StepSeries> Natives { get; } = [];

        public void Add(double bound, StepSeries series) => _buckets.Add((bound, series));

        /// <summary>Bounds of one spelling stay in their order.</summary>
        public void Sort()
        {
            List<(double, StepSeries)> sorted = [.. _buckets.OrderBy(bucket => bucket.Bound)];
            _buckets.Clear();
            _buckets.AddRange(sorted);
        }

        /// <summary>The classic histogram at a step.</summary>
        public void Read(int step, ClassicBuckets into)
        {
            into.Clear();
            foreach ((double bound, StepSeries series) in _buckets)
            {
                if (series[step] is { IsFloat: true } value)
                    into.Add(bound, value.Float);
            }
            into.EnsureMonotonic();
        }
    }
}
