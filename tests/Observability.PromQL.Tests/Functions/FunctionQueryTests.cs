using Observability.PromQL.Results;
using Observability.PromQL.Tests.Evaluation;

namespace Observability.PromQL.Tests.Functions;

/// <summary>Functions as a query meets them, with metric names removed at once (as Prometheus does by default) and at the end.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class FunctionQueryTests(bool delayedNames)
{
    private const long Minute = 60_000;

    // Ten observations a minute: four up to 1, five up to 2, one above. The gauge counts up from node 9 to 11.
    private static readonly TestSource Source = new TestSource()
        .Add(Minute, [("__name__", "latency_bucket"), ("le", "1")], 0, 4, 8, 12)
        .Add(Minute, [("__name__", "latency_bucket"), ("le", "2")], 0, 9, 18, 27)
        .Add(Minute, [("__name__", "latency_bucket"), ("le", "+Inf")], 0, 10, 20, 30)
        .Add(Minute, [("__name__", "other_bucket"), ("le", "+Inf")], 0, 10, 20, 30)
        .Add(Minute, [("__name__", "gauge"), ("node", "node10")], 10, 10, 10, 10)
        .Add(Minute, [("__name__", "gauge"), ("node", "node9")], 9, 9, 9, 9)
        .Add(Minute, [("__name__", "gauge"), ("node", "node11")], -11.5, -11.5, -11.5, -11.5);

    [TestCase("histogram_quantile(0.65, latency_bucket)", ExpectedResult = new[] { "{} 1.5" })]
    [TestCase("histogram_quantile(0.65, sum by (le) (rate(latency_bucket[3m])))", ExpectedResult = new[] { "{} 1.5" })]
    [TestCase("histogram_fraction(0, 1.5, latency_bucket)", ExpectedResult = new[] { "{} 0.65" })]
    [TestCase("""histogram_quantiles(latency_bucket, "q", 0.65, 1)""", ExpectedResult = new[] { """{q="0.65"} 1.5""", """{q="1.0"} 2""" })]
    [TestCase("""sort_by_label(gauge, "node")""", ExpectedResult = new[] { """gauge{node="node9"} 9""", """gauge{node="node10"} 10""", """gauge{node="node11"} -11.5""" })]
    [TestCase("sort(gauge)", ExpectedResult = new[] { """gauge{node="node11"} -11.5""", """gauge{node="node9"} 9""", """gauge{node="node10"} 10""" })]
    [TestCase("""abs(gauge{node="node11"})""", ExpectedResult = new[] { """{node="node11"} 11.5""" })]
    [TestCase("""round(gauge{node="node11"})""", ExpectedResult = new[] { """{node="node11"} -11""" })]
    [TestCase("""clamp(gauge{node="node11"}, 0, 5)""", ExpectedResult = new[] { """{node="node11"} 0""" })]
    [TestCase("clamp(gauge, 5, 0)", ExpectedResult = new string[0])]
    [TestCase("""label_replace(gauge{node="node9"}, "n", "$1", "node", "node(.*)")""", ExpectedResult = new[] { """gauge{n="9",node="node9"} 9""" })]
    [TestCase("""label_replace(abs(gauge{node="node9"}), "__name__", "size", "", "")""", ExpectedResult = new[] { """size{node="node9"} 9""" })]
    [TestCase("""last_over_time(gauge{node="node9"}[2m])""", ExpectedResult = new[] { """gauge{node="node9"} 9""" })]
    [TestCase("""max_over_time(gauge{node="node9"}[2m])""", ExpectedResult = new[] { """{node="node9"} 9""" })]
    [TestCase("""quantile_over_time(scalar(vector(0.5)), latency_bucket{le="1"}[5m])""", ExpectedResult = new[] { """{le="1"} 6""" })]
    [TestCase("hour() + minute() / 100", ExpectedResult = new[] { "{} 0.03" })]
    public string[] It_gives(string query) => Queries.Values(Evaluate(query));

    [TestCase("histogram_quantile(0.5, {le=~\".+\"})")]
    [TestCase("""label_replace(gauge, "node", "same", "", "")""")]
    [TestCase("""label_join(gauge, "node", "-")""")]
    [TestCase("rate({le=\"+Inf\"}[3m])")]
    public void Two_series_with_the_same_labels_are_an_error(string query) =>
        Assert.That(() => Evaluate(query), Throws.InstanceOf<EvaluationException>().With.Message.EqualTo("vector cannot contain metrics with the same labelset"));

    private QueryResult Evaluate(string query) =>
        Queries.Instant(Source, query, 3 * Minute, Queries.Options(options => options.DelayedNameRemoval = delayedNames));
}
