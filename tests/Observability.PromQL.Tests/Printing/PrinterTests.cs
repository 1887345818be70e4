using CsCheck;
using Observability.PromQL.Syntax;
using Observability.PromQL.Testing;

namespace Observability.PromQL.Tests.Printing;

internal sealed class PrinterTests
{
    [TestCase("sum by() (up{a=\"b\"})", ExpectedResult = "sum(up{a=\"b\"})")]
    [TestCase("sum(up) by(code,\"my label\")", ExpectedResult = "sum by (code, \"my label\") (up)")]
    [TestCase("sum without() (up)", ExpectedResult = "sum without () (up)")]
    [TestCase("topk(5,up)", ExpectedResult = "topk(5, up)")]
    [TestCase("count_values('v',up)", ExpectedResult = "count_values(\"v\", up)")]
    [TestCase("SUM(up)", ExpectedResult = "sum(up)")]
    [TestCase("a - on() c", ExpectedResult = "a - on () c")]
    [TestCase("a - on(b) group_left(x,y) c", ExpectedResult = "a - on (b) group_left (x, y) c")]
    [TestCase("a - on(b) group_right c", ExpectedResult = "a - on (b) group_right () c")]
    [TestCase("a - ignoring() group_left c", ExpectedResult = "a - ignoring () group_left () c")]
    [TestCase("a - ignoring() c", ExpectedResult = "a - c")]
    [TestCase("a and on(b) c", ExpectedResult = "a and on (b) c")]
    [TestCase("a + fill(1e30) b", ExpectedResult = "a + fill (1e+30) b")]
    [TestCase("a + fill_right(-5m) fill_left(NaN) b", ExpectedResult = "a + fill_left (NaN) fill_right (-300) b")]
    [TestCase("a</1", ExpectedResult = "a </ 1")]
    [TestCase("up>bool 0", ExpectedResult = "up > bool 0")]
    [TestCase("-1^2", ExpectedResult = "-1 ^ 2")]
    [TestCase("+up", ExpectedResult = "+up")]
    [TestCase("- 5", ExpectedResult = "-5")]
    [TestCase("1e21", ExpectedResult = "1000000000000000000000")]
    [TestCase("0.0000001", ExpectedResult = "0.0000001")]
    [TestCase("0x10", ExpectedResult = "16")]
    [TestCase("inf", ExpectedResult = "+Inf")]
    [TestCase("-0", ExpectedResult = "-0")]
    [TestCase("90m", ExpectedResult = "1h30m")]
    [TestCase("-90s", ExpectedResult = "-1m30s")]
    [TestCase("0s", ExpectedResult = "0s")]
    [TestCase("90d", ExpectedResult = "90d")]
    [TestCase("14d", ExpectedResult = "2w")]
    [TestCase("730d", ExpectedResult = "2y")]
    [TestCase("'a\"\\n\\xc5\u0001☺\u200b'", ExpectedResult = "\"a\\\"\\n\\xc5\\x01☺\\u200b\"")]
    [TestCase("{__name__=\"a\"}", ExpectedResult = "{__name__=\"a\"}")]
    [TestCase("{\"a.b\"}", ExpectedResult = "{__name__=\"a.b\"}")]
    [TestCase("a{z=~'x',\"my label\"!='y'}", ExpectedResult = "a{\"my label\"!=\"y\",z=~\"x\"}")]
    [TestCase("a{}", ExpectedResult = "a")]
    [TestCase("a OFFSET 1m @ 10", ExpectedResult = "a @ 10.000 offset 1m")]
    [TestCase("a offset -90", ExpectedResult = "a offset -1m30s")]
    [TestCase("a[90s] @ end() offset 1m", ExpectedResult = "a[1m30s] @ end() offset 1m")]
    [TestCase("a[1h:] offset 1m", ExpectedResult = "a[1h:] offset 1m")]
    [TestCase("a[1h:5m] @ start()", ExpectedResult = "a[1h:5m] @ start()")]
    [TestCase("a[5m] anchored offset 1m", ExpectedResult = "a[5m] anchored offset 1m")]
    [TestCase("a smoothed @ 1", ExpectedResult = "a @ 1.000 smoothed")]
    [TestCase("a[ step( )+1 ]", ExpectedResult = "a[step() + 1]")]
    [TestCase("a[(5s)]", ExpectedResult = "a[(5s)]")]
    [TestCase("a[2^-1]", ExpectedResult = "a[2 ^ -1]")]
    [TestCase("a[max_of(step(),5s)*2:min_of(1,2)]", ExpectedResult = "a[max_of(step(), 5s) * 2:min_of(1, 2)]")]
    [TestCase("a offset -(5)", ExpectedResult = "a offset -(5)")]
    [TestCase("a offset +max_of(1,2)", ExpectedResult = "a offset max_of(1, 2)")]
    [TestCase("Inf ^ 2", ExpectedResult = "Inf ^ 2")]
    [TestCase("a offset +(1m) + 2", ExpectedResult = "a offset +(1m) + 2")]
    [TestCase("-a offset +(1m) > 2", ExpectedResult = "-a offset (1m) > 2")]
    [TestCase("a # remark", ExpectedResult = "a")]
    [TestCase("label_replace(a,`b`,\"$1\",'c','(.*)')", ExpectedResult = "label_replace(a, \"b\", \"$1\", \"c\", \"(.*)\")")]
    public string A_query_is_printed_in_the_form_of_Prometheus(string text) => Printer.Print(PromQlParser.Parse(text, ParserOptions.Everything));

    [Test]
    public void What_is_printed_parses_to_the_same_tree() =>
        Gen.Int.Sample(seed =>
        {
            string text = new RandomExpressions(seed).Next();
            Expression parsed = PromQlParser.Parse(text, ParserOptions.Everything);

            string printed = Printer.Print(parsed);

            Expression again = PromQlParser.Parse(printed, ParserOptions.Everything);
            return SameTree.Check(parsed, again) && printed == Printer.Print(again)
                && SameTree.Check(again, PromQlParser.Parse(PrettyPrinter.Print(again), ParserOptions.Everything));
        }, iter: 2_000, print: seed => new RandomExpressions(seed).Next());


    [Test]
    public void A_step_invariant_part_prints_as_itself() =>
        Assert.That(new StepInvariantExpression(PromQlParser.Parse("up", ParserOptions.Default)).ToString(), Is.EqualTo("up"));
}
