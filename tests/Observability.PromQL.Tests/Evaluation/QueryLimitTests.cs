using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using Observability.PromQL.Results;

namespace Observability.PromQL.Tests.Evaluation;

[Parallelizable(ParallelScope.All)]
public class QueryLimitTests
{
    private const long Minute = 60_000;

    [Test]
    public void A_range_query_has_at_most_11000_steps()
    {
        QueryLimitException? exception = Assert.Throws<QueryLimitException>(() => Queries.Range(Pods(1), "a", 0, 11_000_000, 1000));

        Assert.Multiple(() =>
        {
            Assert.That(exception!.Limit, Is.EqualTo(QueryLimit.Steps));
            Assert.That(exception!.Message, Is.EqualTo("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"));
        });
    }

    [Test]
    public void Times_at_the_ends_of_what_a_long_holds_are_too_many_steps_too() =>
        Assert.That(LimitOf(() => Queries.Range(Pods(1), "a", long.MinValue, long.MaxValue, 1)), Is.EqualTo(QueryLimit.Steps));

    [TestCase("a[1y:1ms]")]
    [TestCase("max_over_time(max_over_time(a[1y:1h])[1y:1s])")]
    public void A_subquery_has_a_limit_of_steps(string query) =>
        Assert.That(LimitOf(() => Queries.Instant(Pods(1), query, 0)), Is.EqualTo(QueryLimit.Steps));

    [TestCase("a")]
    [TestCase("a + a")]
    [TestCase("sum by (pod) (a)")]
    [TestCase("topk(1000000000, a)")]
    [TestCase("sort(a)")]
    [TestCase("""count_values("v", a)""")]
    [TestCase("quantile(0.5, a)")]
    [TestCase("a or a")]
    public void What_a_query_holds_at_once_is_limited(string query) =>
        Assert.That(LimitOf(() => Queries.Range(Pods(500), query, 0, 100 * Minute, Minute, Queries.Options(options => options.MaxSamples = 10_000))), Is.EqualTo(QueryLimit.Samples));

    [Test]
    public void Bytes_are_limited_too() =>
        Assert.That(LimitOf(() => Queries.Range(Pods(500), "a + a", 0, 100 * Minute, Minute, Queries.Options(options => options.MaxBytes = 100_000))), Is.EqualTo(QueryLimit.Bytes));

    [Test]
    public void A_sum_of_many_series_holds_little() =>
        Assert.That(() => Queries.Range(Pods(500), "sum(a)", 0, 100 * Minute, Minute, Queries.Options(options => options.MaxSamples = 1000)), Throws.Nothing);

    [Test]
    public void What_an_operator_has_used_up_is_no_longer_held() =>
        Assert.That(() => Queries.Range(Pods(10), "a + a + a + a + a + a + a + a", 0, 100 * Minute, Minute, Queries.Options(options => options.MaxSamples = 6000)), Throws.Nothing);

    [Test]
    public void Samples_read_are_limited() =>
        Assert.That(LimitOf(() => Queries.Range(Pods(50), "sum(a)", 0, 10 * Minute, Minute, Queries.Options(options => options.MaxSamplesRead = 400))), Is.EqualTo(QueryLimit.SamplesRead));

    [Test]
    public void Series_are_limited() =>
        Assert.That(LimitOf(() => Queries.Instant(Pods(50), "sum(a)", 0, Queries.Options(options => options.MaxSeries = 49))), Is.EqualTo(QueryLimit.Series));

    [Test]
    public void Depth_is_limited() =>
        Assert.That(LimitOf(() => Queries.Instant(Pods(1), string.Concat(Enumerable.Repeat("-(", 60)) + "a" + new string(')', 60), 0, Queries.Options(options => options.MaxDepth = 100))),
            Is.EqualTo(QueryLimit.Depth));

    [Test]
    public void Chains_of_label_functions_cannot_double_a_value_for_ever()
    {
        string query = "a";
        for (int i = 0; i < 40; i++)
            query = $"""label_replace({query}, "x", "$1$1", "{(i == 0 ? "pod" : "x")}", "(.*)")""";

        Assert.That(LimitOf(() => Queries.Instant(Pods(1), query, 0)), Is.EqualTo(QueryLimit.Bytes));
    }

    [Test]
    public void A_query_ends_when_its_time_is_over()
    {
        var time = new FakeTimeProvider();
        TestSource source = Pods(100);
        source.OnRead = () => time.Advance(TimeSpan.FromSeconds(2));
        var engine = new QueryEngine(new EngineOptions { Timeout = TimeSpan.FromSeconds(9), Parallelism = 1 }, time);

        Assert.That(LimitOf(() => engine.Instant(source, Queries.Parse("sum(a)"), 0, QueryOptions.Default, CancellationToken.None)), Is.EqualTo(QueryLimit.Time));
    }

    [TestCase("a")]
    [TestCase("sum(a)")]
    [TestCase("topk(1, a)")]
    [TestCase("a + a")]
    [TestCase("absent(a)")]
    [TestCase("scalar(a)")]
    [TestCase("max_over_time(a[10m:1m])")]
    public void Cancelling_ends_a_query_at_the_next_series(string query)
    {
        using var cancelled = new CancellationTokenSource();
        int reads = 0;
        TestSource source = Pods(1000);
        source.OnRead = () =>
        {
            if (Interlocked.Increment(ref reads) == 10)
                cancelled.Cancel();
        };
        var engine = new QueryEngine(new EngineOptions { Parallelism = 1 }, TimeProvider.System);

        Assert.Throws<OperationCanceledException>(() => engine.Instant(source, Queries.Parse(query), 0, QueryOptions.Default, cancelled.Token));
        Assert.That(reads, Is.EqualTo(10));
    }

    [Test]
    public void Cancelling_ends_a_query_inside_of_one_series_too()
    {
        using var cancelled = new CancellationTokenSource();
        TestSource source = Pods(1);
        source.OnRead = cancelled.Cancel;
        var engine = new QueryEngine(new EngineOptions { Parallelism = 1 }, TimeProvider.System);

        Assert.Throws<OperationCanceledException>(() => engine.Range(
            source, Queries.Parse("quantile_over_time(0.5, a[10d:1s])"), 0, 10_000_000, 1000, QueryOptions.Default, cancelled.Token));
    }

    private static TestSource Pods(int count)
    {
        var source = new TestSource();
        for (int pod = 0; pod < count; pod++)
            source.Add([("__name__", "a"), ("pod", $"pod-{pod}")], [.. Enumerable.Range(0, 101).Select(i => new Sample(i * Minute, i + pod))]);
        return source;
    }

    private static QueryLimit LimitOf(Func<QueryResult> run) => Assert.Throws<QueryLimitException>(() => run())!.Limit;
}
