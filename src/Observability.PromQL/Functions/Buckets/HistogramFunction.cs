using Observability.Model;
using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Functions.Buckets;

/// <summary>What the functions of classic and native histograms have in common: a native histogram is asked by itself, the buckets of a classic one together.</summary>
internal abstract class HistogramFunction : VectorFunction
{
    /// <summary>Which argument is the vector.</summary>
    protected abstract int VectorArgument { get; }

    public sealed override List<StepSeries> Evaluate(FunctionCall call, List<StepSeries> series)
    {
        CheckParameters(call);
        var output = new Output(call);
        var classic = new ClassicBuckets();
        foreach (HistogramGroups.Group group in new HistogramGroups(call, VectorArgument, series).Groups)
        {
            for (int step = 0; step < call.Grid.Count; step++)
            {
                call.CancellationToken.ThrowIfCancellationRequested();
                group.Read(step, classic);
                bool hasNative = false;
                foreach (StepSeries native in group.Natives)
                {
                    if (native.Histograms?[step] is not { } histogram)
                        continue;
                    hasNative = true;
                    if (classic.Count == 0)
                        EvaluateNative(new Target(call, native.Labels, step, output), histogram);
                    else
                        call.Annotations.Warn(Annotations.Named("vector contains a mix of classic and native histograms", native.Labels.MetricName), Position(call));
                }
                if (!hasNative && classic.Count > 0)
                    EvaluateClassic(new Target(call, group.Labels, step, output), classic);
            }
        }
        return output.Series;
    }

    /// <summary>Tells of parameters that make no sense, even where there is no series.</summary>
    protected abstract void CheckParameters(FunctionCall call);

    protected abstract void EvaluateNative(in Target target, FloatHistogram histogram);

    protected abstract void EvaluateClassic(in Target target, ClassicBuckets buckets);

    protected PositionRange Position(FunctionCall call) => Arguments.Position(call.Expression, VectorArgument);

    protected static void WarnOfQuantile(FunctionCall call, int argument)
    {
        foreach (double quantile in call.ScalarArguments[argument].Span)
        {
            if (!(quantile is >= 0 and <= 1))
                call.Annotations.Warn($"quantile value should be between 0 and 1, got {HistogramText.Format(quantile)}", Arguments.Position(call.Expression, argument));
        }
    }

    protected void InformOfNan(in Target target, NanEffect effect)
    {
        string? text = effect switch
        {
            NanEffect.Hidden => "input to histogram_quantile has NaN observations, result is NaN",
            NanEffect.Skewed => "input to histogram_quantile has NaN observations, result is skewed higher",
            NanEffect.Excluded => "input to histogram_fraction has NaN observations, which are excluded from all fractions",
            _ => null,
        };
        if (text is not null)
            target.Call.Annotations.Inform(Annotations.Named(text, target.Labels.MetricName), Position(target.Call));
    }

    protected void InformOfFall(in Target target, ClassicBuckets buckets)
    {
        if (!buckets.ForcedMonotonic)
            return;
        (double first, double last, double difference) = buckets.Fall;
        target.Call.Annotations.InformOfForcedMonotonicity(
            target.Labels.MetricName, Position(target.Call), target.Call.Grid.At(target.Step), first, last, difference);
    }

    /// <summary>Where the result of one histogram at one step goes.</summary>
    protected readonly record struct Target(FunctionCall Call, LabelSet Labels, int Step, Output Output)
    {
        public void Set(double value) => Output.Set(Labels, Step, value);

        public void Set(string label, string labelValue, double value) => Output.Set(Labels, label, labelValue, Step, value);
    }

    /// <summary>The result's series, made as they are needed.</summary>
    protected sealed class Output(FunctionCall call)
    {
        private readonly Dictionary<LabelSet, StepSeries> _byLabels = [];
        private readonly Dictionary<(LabelSet, string, string), LabelSet> _labels = [];

        private StepSeries? _last;

        public List<StepSeries> Series { get; } = [];

        public void Set(LabelSet labels, int step, double value)
        {
            // Steps of one histogram follow each other.
            StepSeries series = ReferenceEquals(labels, _last?.Labels) ? _last : SeriesOf(labels);
            _last = series;
            if (series[step].IsPresent)
                throw new EvaluationException("vector cannot contain metrics with the same labelset");
            series.Set(step, value);
        }

        public void Set(LabelSet labels, string label, string labelValue, int step, double value)
        {
            if (!_labels.TryGetValue((labels, label, labelValue), out LabelSet? with))
            {
                with = labels.With(label, labelValue);
                _labels.Add((labels, label, labelValue), with);
            }
            Set(with, step, value);
        }

        private StepSeries SeriesOf(LabelSet labels)
        {
            if (_byLabels.TryGetValue(labels, out StepSeries? series))
                return series;
            // A quantile that changes with the step makes a series a step.
            call.Budget.AddSeries(1);
            call.Budget.Hold(call.Grid.Count, call.Grid.Count * 8L + 256);
            series = StepSeries.Empty(labels, dropsName: true, call.Grid.Count);
            _byLabels.Add(labels, series);
            Series.Add(series);
            return series;
        }
    }
}
