using Observability.Model;
using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Functions;
using Observability.PromQL.Functions.Labels;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Functions;

internal sealed class LabelFunctionTests
{
    private static readonly LabelSet Series = LabelSet.Of(("__name__", "metric"), ("src", "source-value-10"), ("dst", "old"));

    [TestCase("""label_replace(v, "dst", "to-$1", "src", "source-value-(.*)")""", ExpectedResult = """metric{dst="to-10",src="source-value-10"}""")]
    [TestCase("""label_replace(v, "dst", "$1", "src", "value-(.*)")""", ExpectedResult = """metric{dst="old",src="source-value-10"}""")] // all of it has to match
    [TestCase("""label_replace(v, "dst", "${first}x$1x", "src", "(?P<first>[a-z]+).*")""", ExpectedResult = """metric{dst="sourcex",src="source-value-10"}""")] // no group 1x
    [TestCase("""label_replace(v, "dst", "", "src", ".*")""", ExpectedResult = """metric{src="source-value-10"}""")]
    [TestCase("""label_replace(v, "dst", "none$1", "missing", "(.*)")""", ExpectedResult = """metric{dst="none",src="source-value-10"}""")]
    [TestCase("""label_replace(v, "__name__", "other", "", "")""", ExpectedResult = """other{dst="old",src="source-value-10"}""")]
    [TestCase("""label_join(v, "dst", "-", "src", "missing", "src")""", ExpectedResult = """metric{dst="source-value-10--source-value-10",src="source-value-10"}""")]
    [TestCase("""label_join(v, "dst", "-")""", ExpectedResult = """metric{src="source-value-10"}""")]
    public string Labels_are_changed(string query) => Apply(query, Series).ToString();

    [TestCase("""label_replace(v, "dst", "", "src", "(.*")""", "invalid regular expression in label_replace(): (.*")]
    [TestCase("""label_replace(v, "", "", "src", "(.*)")""", "invalid destination label name in label_replace(): ")]
    [TestCase("""label_join(v, "", "-", "src")""", "invalid destination label name in label_join(): ")]
    [TestCase("""label_join(v, "dst", "-", "")""", "invalid source label name in label_join(): ")]
    public void An_argument_that_makes_no_sense_is_an_error(string query, string message) =>
        Assert.That(() => Apply(query, Series), Throws.InstanceOf<EvaluationException>().With.Message.EqualTo(message));

    [Test]
    public void A_name_that_is_not_UTF8_is_an_error() =>
        Assert.That(() => Apply("""label_replace(v, "\xff", "", "src", "(.*)")""", Series), Throws.InstanceOf<EvaluationException>());

    [TestCase("""label_replace(v, "src", "$1$1", "src", "(.*)")""")]
    [TestCase("""label_join(v, "src", "", "src", "src")""")]
    public void A_value_cannot_double_without_end(string query)
    {
        LabelSet labels = Series.With("src", new string('x', LabelRules.MaxValueLength / 2 - 8));

        labels = Apply(query, labels);

        Assert.That(() => Apply(query, labels), Throws.InstanceOf<QueryLimitException>());
    }

    private static LabelSet Apply(string query, LabelSet labels)
    {
        var call = (CallExpression)PromQlParser.Parse(query, new ParserOptions());
        Assert.That(FunctionTable.TryGet(call.Function.Name, out Function? function), Is.True);
        return ((LabelFunction)function!).Prepare(new FunctionCall // asserted
        {
            Expression = call,
            Grid = StepGrid.Instant(0),
            Annotations = new Annotations(),
            Budget = new QueryBudget(new EngineOptions(), long.MaxValue),
            ScalarArguments = [],
            CancellationToken = CancellationToken.None,
        })(labels);
    }
}
