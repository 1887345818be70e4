using Observability.Model;
using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Functions;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Functions;

internal sealed class HistogramFunctionTests
{
    private const int Steps = 50;

    private static readonly LabelSet Name = LabelSet.Of(("__name__", "h"));
    private static readonly FloatHistogram Native = new() { Count = 4, Sum = 5, Positive = SparseBuckets.FromDense(0, [1, 2, 1]) };

    [Test]
    public void A_native_histogram_beside_classic_buckets_of_its_name_gives_nothing()
    {
        StepSeries native = StepSeries.Empty(Name, dropsName: false, Steps), classic = StepSeries.Empty(Name.With("le", "+Inf"), dropsName: false, Steps);
        native.Set(0, Native);
        native.Set(1, Native);
        classic.Set(1, 5);

        (List<StepSeries> result, Annotations annotations) = Evaluate("histogram_fraction(0, 2, h)", [_ => 0, _ => 2], [native, classic]);

        Assert.That(result.Single()[0].Float, Is.EqualTo(0.75));
        Assert.That(result.Single()[1].IsPresent, Is.False);
        Assert.That(annotations.Render(AnnotationKind.Warning, "histogram_fraction(0, 2, h)"),
            Is.EqualTo(new[] { "PromQL warning: vector contains a mix of classic and native histograms for metric name \"h\" (1:26)" }));
    }

    [TestCase("", "bucket label \"le\" is missing or has a malformed value of \"\" for metric name \"h\" (1:25)")]
    [TestCase("much", "bucket label \"le\" is missing or has a malformed value of \"much\" for metric name \"h\" (1:25)")]
    public void A_bucket_without_a_bound_is_told(string bound, string expected)
    {
        StepSeries series = StepSeries.Empty(Name.With("le", bound), dropsName: false, Steps);
        series.Set(3, 5);

        (List<StepSeries> result, Annotations annotations) = Evaluate("histogram_quantile(0.9, h)", [_ => 0.9], [series]);

        Assert.That(result, Is.Empty);
        Assert.That(annotations.Render(AnnotationKind.Warning, "histogram_quantile(0.9, h)"), Is.EqualTo(new[] { "PromQL warning: " + expected }));
    }

    [Test]
    public void A_quantile_that_makes_no_sense_is_told_even_without_series() =>
        Assert.That(
            Evaluate("histogram_quantile(2, h)", [_ => 2], []).Annotations.Render(AnnotationKind.Warning, "histogram_quantile(2, h)"),
            Is.EqualTo(new[] { "PromQL warning: quantile value should be between 0 and 1, got 2 (1:20)" }));

    [Test]
    public void Quantiles_that_change_with_the_step_stay_within_the_querys_memory()
    {
        StepSeries native = StepSeries.Empty(Name, dropsName: false, Steps);
        for (int step = 0; step < Steps; step++)
            native.Set(step, Native);

        Assert.That(
            () => Evaluate("""histogram_quantiles(h, "q", time() / 100)""", [step => step / 100.0], [native], new EngineOptions { MaxBytes = 10_000 }),
            Throws.InstanceOf<QueryLimitException>());
    }

    private static (List<StepSeries> Result, Annotations Annotations) Evaluate(
        string query, Func<int, double>[] scalars, List<StepSeries> series, EngineOptions? options = null)
    {
        var call = (CallExpression)PromQlParser.Parse(query, new ParserOptions { ExperimentalFunctions = true });
        Assert.That(FunctionTable.TryGet(call.Function.Name, out Function? function), Is.True);
        var annotations = new Annotations();
        int scalar = 0;
        List<StepSeries> result = ((VectorFunction)function!).Evaluate(new FunctionCall // asserted
        {
            Expression = call,
            Grid = new StepGrid(0, 1000, Steps),
            Annotations = annotations,
            Budget = new QueryBudget(options ?? new EngineOptions(), long.MaxValue),
            ScalarArguments =
            [
                .. call.Arguments.Select(argument => argument.Type == ExpressionType.Scalar
                    ? Enumerable.Range(0, Steps).Select(scalars[scalar++]).ToArray().AsMemory()
                    : ReadOnlyMemory<double>.Empty),
            ],
            CancellationToken = CancellationToken.None,
        }, series);
        return (result, annotations);
    }
}
