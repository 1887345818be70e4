using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Observability.PromQL.Tests.Printing;

internal sealed class SyntaxJsonTests
{
    [TestCase("1.5", ExpectedResult = """{"type":"numberLiteral","val":"1.5"}""")]
    [TestCase("-Inf", ExpectedResult = """{"type":"numberLiteral","val":"-Inf"}""")]
    [TestCase("'a'", ExpectedResult = """{"type":"stringLiteral","val":"a"}""")]
    [TestCase("-(1)", ExpectedResult = """{"expr":{"expr":{"type":"numberLiteral","val":"1"},"type":"parenExpr"},"op":"-","type":"unaryExpr"}""")]
    [TestCase("up{a!~'b'} offset 1m @ 2", ExpectedResult = """{"anchored":false,"matchers":[{"name":"a","type":"!~","value":"b"},{"name":"__name__","type":"=","value":"up"}],"name":"up","offset":60000,"smoothed":false,"startOrEnd":null,"timestamp":2000,"type":"vectorSelector"}""")]
    [TestCase("up[5m] smoothed @ end()", ExpectedResult = """{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up","offset":0,"range":300000,"smoothed":true,"startOrEnd":"end","timestamp":null,"type":"matrixSelector"}""")]
    [TestCase("vector(1)[5m:1m]", ExpectedResult = """{"expr":{"args":[{"type":"numberLiteral","val":"1"}],"func":{"argTypes":["scalar"],"name":"vector","returnType":"vector","variadic":0},"type":"call"},"offset":0,"range":300000,"startOrEnd":null,"step":60000,"timestamp":null,"type":"subquery"}""")]
    [TestCase("sum by (a) (vector(1)) > 2", ExpectedResult = """{"bool":false,"lhs":{"expr":{"args":[{"type":"numberLiteral","val":"1"}],"func":{"argTypes":["scalar"],"name":"vector","returnType":"vector","variadic":0},"type":"call"},"grouping":["a"],"op":"sum","param":null,"type":"aggregation","without":false},"matching":null,"op":">","rhs":{"type":"numberLiteral","val":"2"},"type":"binaryExpr"}""")]
    public string A_tree_is_written_as_the_API_shows_it(string text) => Write(text);

    [Test]
    public void A_matching_says_how_series_meet() =>
        Assert.That(Write("a * on (x) group_left (y) fill_right (NaN) b"), Does.Contain(
            """
            "matching":{"card":"many-to-one","fillValues":{"lhs":null,"rhs":"NaN"},"include":["y"],"labels":["x"],"on":true},"op":"*",
            """.Trim()));

    private static string Write(string text)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            SyntaxJson.Write(json, PromQlParser.Parse(text, ParserOptions.Everything));
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
