using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Syntax;

/// <summary>Computed durations, in a query from 100 s to 400 s in steps of 15 s.</summary>
internal sealed class DurationResolverTests
{
    [TestCase("a[5m + 30s]", ExpectedResult = 330_000)]
    [TestCase("a[step()]", ExpectedResult = 15_000)]
    [TestCase("a[range() / 2]", ExpectedResult = 150_000)]
    [TestCase("a[2 ^ 3 ^ 1 * 2 - 1]", ExpectedResult = 15_000)]
    [TestCase("a[-(5s - 20s)]", ExpectedResult = 15_000)]
    [TestCase("a[1h30m % 1h]", ExpectedResult = 1_800_000)]
    [TestCase("a[min_of(step(), 1m) + max_of(1, 2)]", ExpectedResult = 17_000)]
    [TestCase("a[(5m)]", ExpectedResult = 300_000)]
    [TestCase("a[1s / 3]", ExpectedResult = 333)]
    public long A_window_is_computed_when_the_query_is_known(string text) =>
        ((MatrixSelector)Resolve(text)).RangeMs;

    [TestCase("a offset -step()", ExpectedResult = -15_000)]
    [TestCase("a offset (step() - 15s)", ExpectedResult = 0)]
    [TestCase("a offset max_of(1m, range())", ExpectedResult = 300_000)]
    public long An_offset_may_be_zero_or_negative(string text) => ((VectorSelector)Resolve(text)).OffsetMs;

    [Test]
    public void A_subquery_has_three_of_them()
    {
        var subquery = (SubqueryExpression)Resolve("a[1m + 1m:step() * 2] offset (1s + 1s)");

        Assert.That((subquery.RangeMs, subquery.StepMs, subquery.OffsetMs), Is.EqualTo((120_000, 30_000, 2_000)));
    }

    [Test]
    public void They_are_found_wherever_they_stand_and_the_rest_stays()
    {
        Expression parsed = PromQlParser.Parse("sum(-(rate(a[5m]) + on (x) max_over_time(b[step()])) > bool 1) or topk(scalar(c offset step()), vector(1))", ParserOptions.Everything);

        Expression resolved = DurationResolver.Resolve(parsed, 0, 0, 20_000);

        Assert.That(Selectors(resolved).Select(matrix => matrix.RangeMs), Is.EqualTo(new[] { 300_000, 20_000 }));
        Assert.That(ReferenceEquals(Selectors(resolved).First(), Selectors(parsed).First()), Is.True);
    }

    [Test]
    public void A_query_without_any_is_itself()
    {
        Expression parsed = PromQlParser.Parse("sum(rate(a[5m:1m] offset 1m)) + b", ParserOptions.Everything);

        Assert.That(DurationResolver.Resolve(parsed, 0, 0, 0), Is.SameAs(parsed));
    }

    [TestCase("a[step() - 15s]", ExpectedResult = "duration must be greater than 0")]
    [TestCase("a[5m:-step()]", ExpectedResult = "duration must be greater than 0")]
    [TestCase("a[1 / (step() - 15s)]", ExpectedResult = "division by zero")]
    [TestCase("a[1 % (step() - 15s)]", ExpectedResult = "modulo by zero")]
    [TestCase("a offset (10 ^ step())", ExpectedResult = "duration is out of range")]
    [TestCase("a offset ((0 - 1) ^ 0.5)", ExpectedResult = "duration is out of range")]
    public string What_is_no_duration_is_refused(string text) => Assert.Throws<PromQlException>(() => Resolve(text))!.Message;

    private static Expression Resolve(string text) =>
        DurationResolver.Resolve(PromQlParser.Parse(text, ParserOptions.Everything), startMs: 100_000, endMs: 400_000, stepMs: 15_000);

    private static IEnumerable<MatrixSelector> Selectors(Expression expression) =>
        expression is MatrixSelector matrix ? [matrix] : expression.Children.SelectMany(Selectors);
}
