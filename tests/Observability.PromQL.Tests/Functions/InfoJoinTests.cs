using Observability.Model;
using Observability.PromQL.Evaluation;
using Observability.PromQL.Functions.Information;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Functions;

internal sealed class InfoJoinTests
{
    private static readonly ParserOptions Experimental = new() { ExperimentalFunctions = true };
    private static readonly LabelSet Base = LabelSet.Of(("__name__", "metric"), ("instance", "a"), ("job", "1"));
    private static readonly LabelSet Target = LabelSet.Of(("__name__", "target_info"), ("instance", "a"), ("job", "1"), ("data", "info"), ("zone", "z"));

    [TestCase("info(metric)", ExpectedResult = """metric{data="info",instance="a",job="1",zone="z"}""")]
    [TestCase("""info(metric, {zone=~".+"})""", ExpectedResult = """metric{instance="a",job="1",zone="z"}""")]
    [TestCase("""info(metric, {other=~".*"})""", ExpectedResult = """metric{instance="a",job="1"}""")]
    public string Labels_of_the_info_series_are_added(string query) => Combine(query, new InfoSeries(Target, [0])).Single().Labels.ToString();

    [Test]
    public void A_label_that_must_be_there_drops_series_without_info()
    {
        Assert.That(Combine("""info(metric, {zone=~".+"})"""), Is.Empty);
        Assert.That(Combine("info(metric)").Single().Labels, Is.EqualTo(Base));
    }

    [Test]
    public void The_newest_of_several_info_series_counts()
    {
        LabelSet newer = Target.With("data", "newer");

        List<StepSeries> result = Combine("info(metric)", new InfoSeries(Target, [10]), new InfoSeries(newer, [20]));

        Assert.That(result.Single().Labels["data"], Is.EqualTo("newer"));
    }

    [Test]
    public void Two_of_the_same_time_are_an_error() =>
        Assert.That(
            () => Combine("info(metric)", new InfoSeries(Target, [10]), new InfoSeries(Target.With("data", "other"), [10])),
            Throws.InstanceOf<EvaluationException>().With.Message.StartsWith("found duplicate series for info metric: existing target_info{"));

    [Test]
    public void Two_names_that_disagree_are_an_error() =>
        Assert.That(
            () => Combine("""info(metric, {__name__=~".+_info"})""", new InfoSeries(Target, [10]), new InfoSeries(Target.With("__name__", "build_info").With("data", "x"), [10])),
            Throws.InstanceOf<EvaluationException>().With.Message.EqualTo("conflicting label: data"));

    [Test]
    public void Only_info_series_of_the_joined_instances_are_selected()
    {
        IReadOnlyList<Matcher>? matchers = Join("info(metric)").Selection([Series(Base), Series(Base.With("instance", "b|c"))]);

        Assert.That(matchers!.Where(matcher => matcher.Name == "instance").All(matcher => matcher.Matches("b|c") && !matcher.Matches("b")), Is.True);
        Assert.That(matchers!.Any(matcher => matcher.Name == "__name__" && matcher.Matches("target_info") && !matcher.Matches("build_info")), Is.True);
    }

    [Test]
    public void Without_a_label_to_join_on_nothing_is_selected() =>
        Assert.That(Join("info(metric)").Selection([Series(LabelSet.Of(("__name__", "metric"), ("label", "x")))]), Is.Null);

    [TestCase("metric", null, 0)]
    [TestCase("metric offset 1m", null, 60_000)]
    [TestCase("metric @ 60", 60_000L, 0)]
    [TestCase("last_over_time(metric[10m:1m] @ 420)", 420_000L, 0)]
    [TestCase("last_over_time((metric offset 1m)[10m:1m] @ 180)", 180_000L, 60_000)]
    [TestCase("last_over_time(metric[5m:1m] offset 6m)", null, 360_000)]
    [TestCase("sum(rate(metric[5m] offset 2m)) + other @ 7", null, 120_000)]
    public void Info_is_as_of_the_time_of_the_samples(string argument, long? at, long offsetMs)
    {
        InfoReference reference = InfoReference.Of(PromQlParser.Parse(argument, Experimental));

        Assert.That((reference.At?.TimestampMs, reference.OffsetMs), Is.EqualTo((at, offsetMs)));
    }

    private static List<StepSeries> Combine(string query, params InfoSeries[] infos) => Join(query).Combine([Series(Base)], infos, 1, new QueryBudget(new EngineOptions(), long.MaxValue), CancellationToken.None);

    private static InfoJoin Join(string query) => new((CallExpression)PromQlParser.Parse(query, Experimental));

    private static StepSeries Series(LabelSet labels) => new(labels, dropsName: false, [1]);
}
