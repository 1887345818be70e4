namespace Observability.PromQL.Tests.Printing;

/// <summary>Lines as Prometheus breaks them: where a part is longer than 100 characters, its operands go on lines of their own.</summary>
internal sealed class PrettyPrinterTests
{
    private const string Long = "a_metric_whose_name_is_longer_than_a_line_of_a_hundred_characters_which_nothing_could_ever_break_in_two";

    [TestCase("sum(up)", ExpectedResult = "sum(up)")]
    [TestCase($"sum by (a) ({Long})", ExpectedResult = $"sum by (a) (\n  {Long}\n)")]
    [TestCase($"topk(5, {Long})", ExpectedResult = $"topk(\n  5,\n  {Long}\n)")]
    [TestCase($"rate({Long}[5m])", ExpectedResult = $"rate(\n  {Long}[5m]\n)")]
    [TestCase($"clamp({Long}, 1, 2)", ExpectedResult = $"clamp(\n  {Long},\n  1,\n  2\n)")]
    [TestCase($"a + on(b) group_left {Long}", ExpectedResult = $"  a\n+ on (b) group_left ()\n  {Long}")]
    [TestCase($"(a + {Long})", ExpectedResult = $"(\n    a\n  +\n    {Long}\n)")]
    [TestCase($"-({Long})", ExpectedResult = $"-(\n  {Long}\n)")]
    [TestCase($"sum({Long})[5m:1m] offset 1m", ExpectedResult = $"sum(\n  {Long}\n)[5m:1m] offset 1m")]
    [TestCase($"max_over_time((up > {Long})[5m:])", ExpectedResult = $"max_over_time(\n  (\n      up\n    >\n      {Long}\n  )[5m:]\n)")]
    public string A_long_query_is_broken_at_its_parts(string text) => PrettyPrinter.Print(PromQlParser.Parse(text, ParserOptions.Everything));
}
