using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Parsing;

/// <summary>How texts group, shown by the tree's outline, and what is remembered of them.</summary>
internal sealed class ParserTests
{
    [TestCase("a + b * c", ExpectedResult = "(a + (b * c))")]
    [TestCase("a * b + c", ExpectedResult = "((a * b) + c)")]
    [TestCase("a - b - c", ExpectedResult = "((a - b) - c)")]
    [TestCase("a ^ b ^ c", ExpectedResult = "(a ^ (b ^ c))")]
    [TestCase("a atan2 b % c", ExpectedResult = "((a atan2 b) % c)")]
    [TestCase("a or b and c unless d", ExpectedResult = "(a or ((b and c) unless d))")]
    [TestCase("a + b > c or d", ExpectedResult = "(((a + b) > c) or d)")]
    [TestCase("a </ 1 + b", ExpectedResult = "(a </ (1 + b))")]
    [TestCase("a >/ 1 >/ 2", ExpectedResult = "((a >/ 1) >/ 2)")]
    [TestCase("-a * b", ExpectedResult = "((-a) * b)")]
    [TestCase("-a ^ b", ExpectedResult = "(-(a ^ b))")]
    [TestCase("a ^ -b ^ c", ExpectedResult = "(a ^ (-(b ^ c)))")]
    [TestCase("-1 ^ 2", ExpectedResult = "(-(1 ^ 2))")]
    [TestCase("a + b offset 1m", ExpectedResult = "(a + b offset 1m)")]
    [TestCase("a offset 1m + 1", ExpectedResult = "(a offset 1m + 1)")]
    [TestCase("a offset -2 ^ 2", ExpectedResult = "(a offset -2s ^ 2)")]
    [TestCase("a offset step() * 2", ExpectedResult = "(a offset step() * 2)")]
    [TestCase("a offset -(1m) + 2", ExpectedResult = "(a offset -(1m) + 2)")]
    [TestCase("a offset (1m) + 2", ExpectedResult = "a offset (1m) + 2")]
    public string Operators_bind_as_in_Prometheus(string text) => Outline(PromQlParser.Parse(text, ParserOptions.Everything));

    [TestCase("up", 0, 2)]
    [TestCase(" up ", 1, 3)]
    [TestCase("up{a=\"b\"} offset -5m", 0, 20)]
    [TestCase("up[5m] @ start()", 0, 16)]
    [TestCase("up[5m:1m] offset 1m @ 3", 0, 23)]
    [TestCase("sum(up) by (a) ", 0, 14)]
    [TestCase("sum by (a) (up) ", 0, 15)]
    [TestCase("rate(up[5m]) ", 0, 12)]
    [TestCase("(up) ", 0, 4)]
    [TestCase("- up", 0, 4)]
    [TestCase("- 5", 0, 3)]
    [TestCase("a + b ", 0, 5)]
    public void A_node_knows_where_it_stands(string text, int start, int end) =>
        Assert.That(PromQlParser.Parse(text, ParserOptions.Everything).Position, Is.EqualTo(new PositionRange(start, end)));

    [TestCase("0x1F", ExpectedResult = 31)]
    [TestCase("010", ExpectedResult = 8)]
    [TestCase("08", ExpectedResult = 8)]
    [TestCase("1_000", ExpectedResult = 1000)]
    [TestCase(".5", ExpectedResult = .5)]
    [TestCase("5.", ExpectedResult = 5)]
    [TestCase("1e-3", ExpectedResult = 1e-3)]
    [TestCase("iNf", ExpectedResult = double.PositiveInfinity)]
    [TestCase("-Inf", ExpectedResult = double.NegativeInfinity)]
    [TestCase("NaN", ExpectedResult = double.NaN)]
    [TestCase("1h30m", ExpectedResult = 5400)]
    [TestCase("1y2w3d4h5m6s7ms", ExpectedResult = 33019506.007)]
    public double Numbers_have_the_forms_of_Go_and_of_durations(string text) =>
        ((NumberLiteral)PromQlParser.Parse(text, ParserOptions.Default)).Value;

    [TestCase("\"a\\n\\t\\\\\\\"b\"", ExpectedResult = "a\n\t\\\"b")]
    [TestCase("'\\'\"'", ExpectedResult = "'\"")]
    [TestCase("`\\n\n`", ExpectedResult = "\\n\n")]
    [TestCase("\"\\xe2\\x98\\xba\\u263a\\U0001F600\\101\"", ExpectedResult = "☺☺😀A")]
    public string Strings_have_the_escapes_of_Go(string text) => ((StringLiteral)PromQlParser.Parse(text, ParserOptions.Default)).Value;

    [Test]
    public void A_byte_that_is_no_text_stays_told_apart_from_all_text() =>
        Assert.That(((StringLiteral)PromQlParser.Parse("\"a\\xc5z\"", ParserOptions.Default)).Value, Is.EqualTo("a\uDCC5z"));

    [TestCase("sum", ExpectedResult = "sum")]
    [TestCase("by", ExpectedResult = "by")]
    [TestCase("offset{a=\"b\"}", ExpectedResult = "offset")]
    [TestCase("fill", ExpectedResult = "fill")]
    [TestCase("start", ExpectedResult = "start")]
    [TestCase("max_of", ExpectedResult = "max_of")]
    [TestCase("a:b", ExpectedResult = "a:b")]
    public string Words_of_the_language_may_name_metrics(string text) => ((VectorSelector)PromQlParser.Parse(text, ParserOptions.Default)).Name;

    [Test]
    public void Words_of_the_language_may_name_labels()
    {
        var sum = (AggregateExpression)PromQlParser.Parse("sum by (by, on, bool, atan2, \"my label\", a:b, step,) (up)", ParserOptions.Default);

        Assert.That(sum.Grouping, Is.EqualTo(new[] { "by", "on", "bool", "atan2", "my label", "a:b", "step" }));
    }

    [Test]
    public void A_quoted_name_inside_the_braces_is_a_matcher()
    {
        var selector = (VectorSelector)PromQlParser.Parse("{\"my.metric\", 'my.label'=~`a|b`}", ParserOptions.Default);

        Assert.That(selector.Name, Is.Empty);
        Assert.That(selector.Matchers.Select(matcher => matcher.Name), Is.EqualTo(new[] { "__name__", "my.label" }));
    }

    [Test]
    public void A_selector_alone_may_match_everything() =>
        Assert.That(PromQlParser.ParseSelector("{a=~\".*\"}", ParserOptions.Default), Has.Count.EqualTo(1));

    [TestCase("up[5m]")]
    [TestCase("up + 1")]
    [TestCase("sum(up)")]
    [TestCase("")]
    public void A_selector_alone_is_nothing_more(string text) =>
        Assert.That(() => PromQlParser.ParseSelector(text, ParserOptions.Default), Throws.InstanceOf<PromQlException>());

    [Test]
    public void A_matching_between_others_than_vectors_is_dropped()
    {
        Assert.That(((BinaryExpression)PromQlParser.Parse("a + on() 1", ParserOptions.Default)).Matching, Is.Null);
        Assert.That(((BinaryExpression)PromQlParser.Parse("a and b", ParserOptions.Default)).Matching!.Cardinality, Is.EqualTo(MatchCardinality.ManyToMany));
    }

    private static string Outline(Expression expression) => expression switch
    {
        BinaryExpression binary => $"({Outline(binary.Left)} {binary.Operator.Text()} {Outline(binary.Right)})",
        UnaryExpression unary => $"(-{Outline(unary.Operand)})",
        _ => expression.ToString(),
    };
}
