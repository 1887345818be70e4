using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Evaluation;

[Parallelizable(ParallelScope.All)]
public class QueryEngineTests
{
    private const long Minute = 60_000;

    private static TestSource Source() => new TestSource()
        .Add(Minute, [("__name__", "a"), ("x", "1")], 1, 2, 3, 4)
        .Add(Minute, [("__name__", "a"), ("x", "2")], 10, 20, 30, 40)
        .Add(Minute, [("__name__", "b"), ("x", "1"), ("host", "h")], 5, 5, 5, 5);

    [TestCase("a", ExpectedResult = new[] { "a{x=\"1\"} 4", "a{x=\"2\"} 40" })]
    [TestCase("sort_desc(a)", ExpectedResult = new[] { "a{x=\"2\"} 40", "a{x=\"1\"} 4" })]
    [TestCase("topk(1, a)", ExpectedResult = new[] { "a{x=\"2\"} 40" })]
    [TestCase("-a", ExpectedResult = new[] { "{x=\"1\"} -4", "{x=\"2\"} -40" })]
    [TestCase("a * on (x) group_left (host) b", ExpectedResult = new[] { "{host=\"h\",x=\"1\"} 20" })]
    [TestCase("""a > 5""", ExpectedResult = new[] { "a{x=\"2\"} 40" })]
    [TestCase("""5 < a""", ExpectedResult = new[] { "a{x=\"2\"} 40" })]
    [TestCase("""absent(c{x="1", y=~"2"})""", ExpectedResult = new[] { "{x=\"1\"} 1" })]
    [TestCase("""sum by (__name__) (rate({x="1"}[2m]))""", ExpectedResult = new[] { "{} " + "0.016666666666666666" })]
    public string[] Without_delayed_removal_a_name_is_gone_for_the_next_operator(string query) =>
        Queries.Values(Queries.Instant(Source(), query, 3 * Minute, Queries.Options(options => options.DelayedNameRemoval = false)));

    [TestCase("rate({y=\"1\"}[2m])")]
    [TestCase("-{y=\"1\"}")]
    [TestCase("abs({y=\"1\"})")]
    [TestCase("{y=\"1\"} + 1")]
    public void Series_that_are_the_same_without_their_names_are_an_error(string query)
    {
        TestSource source = new TestSource().Add(Minute, [("__name__", "a"), ("y", "1")], 1, 2, 3, 4).Add(Minute, [("__name__", "b"), ("y", "1")], 1, 2, 3, 4);
        foreach (bool delayed in new[] { false, true })
        {
            EvaluationException? exception = Assert.Throws<EvaluationException>(
                () => Queries.Instant(source, query, 3 * Minute, Queries.Options(options => options.DelayedNameRemoval = delayed)));

            Assert.That(exception!.Message, Is.EqualTo("vector cannot contain metrics with the same labelset"));
        }
    }

    [Test]
    public void A_scalar_is_a_series_without_labels_over_a_range() =>
        Assert.That(Queries.Lines(Queries.Range(Source(), "time()", 0, 2 * Minute, Minute)), Is.EqualTo(new[] { "{} 0@0 60@60000 120@120000" }));

    [Test]
    public void A_range_selector_gives_its_samples()
    {
        QueryResult result = Queries.Instant(Source(), "a{x=\"1\"}[2m]", 3 * Minute);

        Assert.Multiple(() =>
        {
            Assert.That(result.Type, Is.EqualTo(ExpressionType.Matrix));
            Assert.That(Queries.Lines(result), Is.EqualTo(new[] { "a{x=\"1\"} 3@120000 4@180000" }));
        });
    }

    [Test]
    public void Strings_and_scalars_have_their_time()
    {
        QueryResult text = Queries.Instant(Source(), "\"hello\"", 5), scalar = Queries.Instant(Source(), "1 + 1", 5);

        Assert.Multiple(() =>
        {
            Assert.That((text.Type, text.Text, text.TimestampMs), Is.EqualTo((ExpressionType.String, "hello", 5L)));
            Assert.That((scalar.Type, scalar.Scalar.TimestampMs, scalar.Scalar.Value), Is.EqualTo((ExpressionType.Scalar, 5L, 2.0)));
        });
    }

    [TestCase("a", 1, 300_000, 0, "")]
    [TestCase("a offset 1m", -Minute + 1, 240_000, 0, "")]
    [TestCase("a @ 100", -200_000 + 1, 100_000, 0, "")]
    [TestCase("rate(a[1m])", 240_001, 300_000, Minute, "rate")]
    [TestCase("sum by (x) (a)", 1, 300_000, 0, "sum")]
    [TestCase("rate(a[1m] anchored)", -Minute + 1, 300_000, Minute, "rate")]
    [TestCase("rate(a[1m] smoothed)", -Minute + 1, 600_000, Minute, "rate")]
    [TestCase("max_over_time(a[2m:1m])", -Minute + 1, 300_000, 0, "")]
    public void The_source_is_told_what_will_be_read(string query, long fromMs, long toMs, long rangeMs, string function)
    {
        TestSource source = Source();

        Queries.Instant(source, query, 5 * Minute);

        SelectHints hints = source.Selections.Single();
        Assert.That((hints.Range.FromMs, hints.Range.ToMs, hints.RangeMs, hints.Function), Is.EqualTo((fromMs, toMs, rangeMs, function)));
    }

    [Test]
    public void What_does_not_change_is_evaluated_once()
    {
        TestSource source = Source();
        int reads = 0;
        source.OnRead = () => reads++;

        Queries.Range(source, "sum(rate(a[1m] @ 120)) + vector(time())", 0, 100 * Minute, Minute);

        Assert.That(reads, Is.EqualTo(2));
    }

    [Test]
    public void Statistics_count_what_was_read_and_what_steps_used()
    {
        QueryStatistics statistics = Queries.Range(Source(), "sum_over_time(a[2m])", 2 * Minute, 3 * Minute, Minute).Statistics;

        Assert.Multiple(() =>
        {
            Assert.That(statistics.SamplesRead, Is.EqualTo(6), "three of each series");
            Assert.That(statistics.TotalQueryableSamples, Is.EqualTo(8), "two series, two steps, two samples a window");
            Assert.That(statistics.Series, Is.EqualTo(2));
            Assert.That(statistics.PeakSamples, Is.GreaterThan(0));
        });
    }

    [Test]
    public void A_rate_of_what_is_named_like_a_gauge_is_told()
    {
        QueryResult result = Queries.Range(Source(), "rate(a[2m])", 0, 3 * Minute, Minute);

        Assert.That(result.Annotations.Render(AnnotationKind.Info, "rate(a[2m])"),
            Is.EqualTo(new[] { "PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"a\" (1:6)" }));
    }

    [TestCase("a[1m]", "range vector")]
    [TestCase("\"a\"", "string")]
    public void A_range_query_is_of_a_vector_or_scalar(string query, string type) =>
        Assert.That(() => Queries.Range(Source(), query, 0, 1, 1), Throws.TypeOf<EvaluationException>().With.Message.EqualTo(
            $"invalid expression type \"{type}\" for range query, must be Scalar or instant Vector"));

    [TestCase("a + on () b", "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")]
    [TestCase("b + on () a", "found duplicate series for the match group {} on the right hand-side of the operation: [{__name__=\"a\", x=\"1\"}, {__name__=\"a\", x=\"2\"}];many-to-many matching not allowed: matching labels must be unique on one side")]
    [TestCase("a * on () group_left (x) b", "multiple matches for labels: grouping labels must ensure unique matches")]
    public void Matching_has_to_be_unique_on_one_side(string query, string message) =>
        Assert.That(() => Queries.Instant(Source(), query, 3 * Minute), Throws.TypeOf<EvaluationException>().With.Message.EqualTo(message));
}
