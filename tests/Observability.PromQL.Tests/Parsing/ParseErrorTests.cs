namespace Observability.PromQL.Tests.Parsing;

/// <summary>What is no query, with the text and the place that Prometheus gives: clients show them, and people search for them.</summary>
internal sealed class ParseErrorTests
{
    // Nothing, and things that cannot begin or end.
    [TestCase("", ExpectedResult = "unknown position: parse error: no expression found in input")]
    [TestCase("# only a remark", ExpectedResult = "1:1: parse error: no expression found in input")]
    [TestCase("*1", ExpectedResult = "1:1: parse error: unexpected <op:*>")]
    [TestCase("1 +", ExpectedResult = "1:4: parse error: unexpected end of input")]
    [TestCase("up down", ExpectedResult = "1:4: parse error: unexpected identifier \"down\"")]
    [TestCase("up\n  down", ExpectedResult = "2:3: parse error: unexpected identifier \"down\"")]
    [TestCase("-=", ExpectedResult = "1:2: parse error: unexpected \"=\"")]
    [TestCase("up 5m", ExpectedResult = "1:4: parse error: unexpected duration \"5m\"")]
    [TestCase("up 'a rather long text'", ExpectedResult = "1:4: parse error: unexpected string \"'a rather \"...")]
    [TestCase("a:b(c)", ExpectedResult = "1:4: parse error: unexpected \"(\"")]
    [TestCase("a + group_left(b) c", ExpectedResult = "1:5: parse error: unexpected <group_left>")]

    // Brackets.
    [TestCase("(up", ExpectedResult = "1:4: parse error: unclosed left parenthesis")]
    [TestCase("up)", ExpectedResult = "1:4: parse error: unexpected right parenthesis ')'")]
    [TestCase("up]", ExpectedResult = "1:3: parse error: unexpected right bracket ']'")]
    [TestCase("up}", ExpectedResult = "1:3: parse error: unexpected character: '}'")]
    [TestCase("up{", ExpectedResult = "1:4: parse error: unexpected end of input inside braces")]
    [TestCase("up{{", ExpectedResult = "1:4: parse error: unexpected left brace '{'")]
    [TestCase("up[5m", ExpectedResult = "1:6: parse error: unclosed left bracket")]
    [TestCase("up[", ExpectedResult = "1:4: parse error: unexpected end of input in duration expression")]
    [TestCase("()", ExpectedResult = "1:2: parse error: unexpected \")\"")]

    // Characters.
    [TestCase("up ? 1", ExpectedResult = "1:4: parse error: unexpected character: '?'")]
    [TestCase("up =~ 1", ExpectedResult = "1:4: parse error: unexpected character after '=': '~'")]
    [TestCase("up !~ 1", ExpectedResult = "1:4: parse error: unexpected character after '!': '~'")]
    [TestCase("up{a!b}", ExpectedResult = "1:5: parse error: unexpected character after '!' inside braces: 'b'")]
    [TestCase("up{1}", ExpectedResult = "1:4: parse error: unexpected character inside braces: '1'")]
    [TestCase("up{a:b=\"c\"}", ExpectedResult = "1:5: parse error: unexpected character inside braces: ':'")]
    [TestCase("\"ä\" ü", ExpectedResult = "1:6: parse error: unexpected character: 'ü'")] // columns count bytes

    // Strings.
    [TestCase("\"abc", ExpectedResult = "1:1: parse error: unterminated quoted string")]
    [TestCase("'a\nb'", ExpectedResult = "1:1: parse error: unterminated quoted string")]
    [TestCase("`abc", ExpectedResult = "1:1: parse error: unterminated raw string")]
    [TestCase("\"\\", ExpectedResult = "1:1: parse error: escape sequence not terminated")]
    [TestCase("\"\\c\"", ExpectedResult = "1:1: parse error: unknown escape sequence U+0063 'c'")]
    [TestCase("\"\\x.\"", ExpectedResult = "1:1: parse error: illegal character U+002E '.' in escape sequence")]
    [TestCase("\"\\400\"", ExpectedResult = "1:1: parse error: escape sequence is an invalid Unicode code point")]
    [TestCase("\"\\ud800\"", ExpectedResult = "1:1: parse error: escape sequence is an invalid Unicode code point")]
    [TestCase("\"\uFFFD\"", ExpectedResult = "1:1: parse error: invalid UTF-8 rune")]

    // Numbers and durations.
    [TestCase("1a", ExpectedResult = "1:1: parse error: bad number or duration syntax: \"1\"")]
    [TestCase("5mm", ExpectedResult = "1:1: parse error: bad number or duration syntax: \"5mm\"")]
    [TestCase("1..2", ExpectedResult = "1:1: parse error: bad number or duration syntax: \"1..\"")]
    [TestCase("1e", ExpectedResult = "1:1: parse error: bad number or duration syntax: \"1e\"")]
    [TestCase("0x", ExpectedResult = "1:1: parse error: error parsing number: strconv.ParseFloat: parsing \"0x\": invalid syntax")]
    [TestCase("1e999", ExpectedResult = "1:1: parse error: error parsing number: strconv.ParseFloat: parsing \"1e999\": value out of range")]
    [TestCase("5m1h", ExpectedResult = "1:1: parse error: not a valid duration string: \"5m1h\"")]
    [TestCase("5hs", ExpectedResult = "1:1: parse error: unknown unit \"hs\" in duration \"5hs\"")]
    [TestCase("300y", ExpectedResult = "1:1: parse error: duration out of range")]

    // Matchers.
    [TestCase("up{a}", ExpectedResult = "1:5: parse error: unexpected \"}\" in label matching, expected label matching operator")]
    [TestCase("up{a=b}", ExpectedResult = "1:6: parse error: unexpected identifier \"b\" in label matching, expected string")]
    [TestCase("up{a==\"b\"}", ExpectedResult = "1:6: parse error: unexpected \"=\" in label matching, expected string")]
    [TestCase("up{,}", ExpectedResult = "1:4: parse error: unexpected \",\" in label matching, expected identifier or \"}\"")]
    [TestCase("up{a=\"b\" c}", ExpectedResult = "1:10: parse error: unexpected identifier \"c\" in label matching, expected \",\" or \"}\"")]
    [TestCase("{}", ExpectedResult = "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [TestCase("1 + {a=\"\"}", ExpectedResult = "1:5: parse error: vector selector must contain at least one non-empty matcher")]
    [TestCase("{a=~\".*\"}", ExpectedResult = "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [TestCase("{a!~\".+\"}", ExpectedResult = "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [TestCase("up{__name__=\"down\"}", ExpectedResult = "1:1: parse error: metric name must not be set twice: \"up\" or \"down\"")]
    [TestCase("up{\"down\"}", ExpectedResult = "1:1: parse error: metric name must not be set twice: \"up\" or \"down\"")]

    // Ranges, offsets and times.
    [TestCase("up[]", ExpectedResult = "1:4: parse error: unexpected \"]\" in subquery or range selector, expected number, duration, step(), or range()")]
    [TestCase("up[step]", ExpectedResult = "1:8: parse error: unexpected \"]\" in subquery or range selector, expected number, duration, step(), or range()")]
    [TestCase("up[5m 5m]", ExpectedResult = "1:7: parse error: unexpected duration \"5m\" in subquery or range, expected \":\" or \"]\"")]
    [TestCase("up[5m:+]", ExpectedResult = "1:8: parse error: unexpected \"]\" in subquery selector, expected number, duration, step(), range(), or \"]\"")]
    [TestCase("up[5m:5m 5m]", ExpectedResult = "1:10: parse error: unexpected duration \"5m\" in subquery selector, expected \"]\"")]
    [TestCase("up[5m x]", ExpectedResult = "1:7: parse error: unexpected character: 'x', expected ':'")]
    [TestCase("up[x]", ExpectedResult = "1:4: parse error: unexpected character in duration expression: 'x'")]
    [TestCase("up[:5m]", ExpectedResult = "1:5: parse error: unexpected colon before duration in duration expression")]
    [TestCase("up[5m::]", ExpectedResult = "1:7: parse error: unexpected colon ':'")]
    [TestCase("up[0s]", ExpectedResult = "1:4: parse error: duration must be greater than 0")]
    [TestCase("up[-1]", ExpectedResult = "1:4: parse error: duration must be greater than 0")]
    [TestCase("up[9.5e10]", ExpectedResult = "1:4: parse error: duration out of range")]
    [TestCase("up[5s/0d]", ExpectedResult = "1:6: parse error: division by zero")]
    [TestCase("up offset (4d%0)", ExpectedResult = "1:14: parse error: modulo by zero")]
    [TestCase("(up + up)[5m]", ExpectedResult = "1:10: parse error: ranges only allowed for vector selectors")]
    [TestCase("up offset 1m[5m]", ExpectedResult = "1:13: parse error: no offset modifiers allowed before range")]
    [TestCase("up @ 1 [5m]", ExpectedResult = "1:8: parse error: no @ modifiers allowed before range")]
    [TestCase("up offset", ExpectedResult = "1:10: parse error: unexpected end of input in offset, expected number, duration, step(), or range()")]
    [TestCase("up offset 1m offset 2m", ExpectedResult = "1:1: parse error: offset may not be set multiple times")]
    [TestCase("1 offset 1m", ExpectedResult = "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery")]
    [TestCase("up @", ExpectedResult = "1:5: parse error: unexpected end of input in @, expected timestamp")]
    [TestCase("up @ start", ExpectedResult = "1:11: parse error: unexpected end of input in @, expected timestamp")]
    [TestCase("up @ 1 @ end()", ExpectedResult = "1:1: parse error: @ <timestamp> may not be set multiple times")]
    [TestCase("up @ -Inf", ExpectedResult = "1:1: parse error: timestamp out of bounds for @ modifier: -Inf")]
    [TestCase("rate(up[5m]) @ 1", ExpectedResult = "1:1: parse error: @ modifier must be preceded by an instant vector selector or range vector selector or a subquery")]
    [TestCase("up smoothed anchored", ExpectedResult = "1:1: parse error: anchored and smoothed modifiers cannot be used together")]
    [TestCase("up[5m:] anchored", ExpectedResult = "1:1: parse error: anchored modifier is not supported for subqueries")]
    [TestCase("rate(up[5m]) smoothed", ExpectedResult = "1:1: parse error: smoothed modifier not implemented")]
    [TestCase("up[5m][5m:]", ExpectedResult = "1:1: parse error: subquery is only allowed on instant vector, got matrix instead")]

    // Aggregations.
    [TestCase("sum up by (pod)", ExpectedResult = "1:5: parse error: unexpected identifier \"up\"")]
    [TestCase("sum(up down)", ExpectedResult = "1:8: parse error: unexpected identifier \"down\" in aggregation")]
    [TestCase("sum(up) by pod", ExpectedResult = "1:12: parse error: unexpected identifier \"pod\" in grouping opts, expected \"(\"")]
    [TestCase("sum by (==) (up)", ExpectedResult = "1:9: parse error: unexpected <op:==> in grouping opts, expected label")]
    [TestCase("sum by (a,,) (up)", ExpectedResult = "1:11: parse error: unexpected \",\" in grouping opts, expected label")]
    [TestCase("sum by (a b) (up)", ExpectedResult = "1:11: parse error: unexpected identifier \"b\" in grouping opts, expected \",\" or \")\"")]
    [TestCase("sum by (\"\") (up)", ExpectedResult = "1:9: parse error: invalid label name for grouping: \"\"")]
    [TestCase("sum by (\"a\\xc5z\") (up)", ExpectedResult = "1:9: parse error: invalid label name for grouping: \"a\\xc5z\"")]
    [TestCase("sum(up) without (a) by (a)", ExpectedResult = "1:21: parse error: unexpected <by>")]
    [TestCase("sum() by (pod)", ExpectedResult = "1:1: parse error: no arguments for aggregate expression provided")]
    [TestCase("topk(up)", ExpectedResult = "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1")]
    [TestCase("topk(up,)", ExpectedResult = "1:8: parse error: trailing commas not allowed in function call args")]
    [TestCase("topk(up, up)", ExpectedResult = "1:6: parse error: expected type scalar in aggregation parameter, got instant vector")]
    [TestCase("count_values(5, up)", ExpectedResult = "1:14: parse error: expected type string in aggregation parameter, got scalar")]
    [TestCase("sum(up[5m])", ExpectedResult = "1:5: parse error: expected type instant vector in aggregation expression, got range vector")]

    // Calls.
    [TestCase("nothing(up)", ExpectedResult = "1:1: parse error: unknown function with name \"nothing\"")]
    [TestCase("floor()", ExpectedResult = "1:1: parse error: expected 1 argument(s) in call to \"floor\", got 0")]
    [TestCase("floor(1)", ExpectedResult = "1:7: parse error: expected type instant vector in call to function \"floor\", got scalar")]
    [TestCase("hour(up, up)", ExpectedResult = "1:1: parse error: expected at most 1 argument(s) in call to \"hour\", got 2")]
    [TestCase("label_join(up, \"a\")", ExpectedResult = "1:1: parse error: expected at least 3 argument(s) in call to \"label_join\", got 2")]
    [TestCase("rate(up)", ExpectedResult = "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector")]
    [TestCase("info(up, {a=\"b\"} == 1)", ExpectedResult = "1:10: parse error: expected label selectors only")]
    [TestCase("info(up, target_info)", ExpectedResult = "1:10: parse error: expected label selectors only, got vector selector instead")]
    [TestCase("info(up, 1)", ExpectedResult = "1:1: parse error: expected type instant vector in call to function \"info\", got scalar")]

    // Operators.
    [TestCase("1 == 1", ExpectedResult = "1:3: parse error: comparisons between scalars must use BOOL modifier")]
    [TestCase("up + bool up", ExpectedResult = "1:4: parse error: bool modifier can only be used on comparison operators")]
    [TestCase("up and 1", ExpectedResult = "1:1: parse error: set operator \"and\" not allowed in binary scalar expression")]
    [TestCase("up + on(a) 1", ExpectedResult = "1:1: parse error: vector matching only allowed between instant vectors")]
    [TestCase("up or on(a) group_left() up", ExpectedResult = "1:1: parse error: no grouping allowed for \"or\" operation")]
    [TestCase("a + on(x) group_left(x) b", ExpectedResult = "1:3: parse error: label \"x\" must not occur in ON and GROUP clause at once")]
    [TestCase("a + fill(1) 2", ExpectedResult = "1:1: parse error: filling in missing series only allowed between instant vectors")]
    [TestCase("a or fill(1) b", ExpectedResult = "1:1: parse error: filling in missing series not allowed for set operators")]
    [TestCase("\"a\" + up", ExpectedResult = "1:1: parse error: binary expression must contain only scalar and instant vector types")]
    [TestCase("up + up[5m]", ExpectedResult = "1:6: parse error: binary expression must contain only scalar and instant vector types")]
    [TestCase("-\"a\"", ExpectedResult = "1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"string\"")]
    public string A_text_that_is_no_query_is_refused_with_the_words_of_Prometheus(string text) =>
        Assert.Throws<PromQlException>(() => PromQlParser.Parse(text, ParserOptions.Everything))!.Message;

    [TestCase("mad_over_time(up[5m])", ExpectedResult = "function \"mad_over_time\" is not enabled")]
    [TestCase("start()", ExpectedResult = "function \"start\" is not enabled")]
    [TestCase("limitk(1, up)", ExpectedResult = "limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions")]
    [TestCase("up[5m] anchored", ExpectedResult = "anchored modifier is experimental and not enabled")]
    [TestCase("up smoothed", ExpectedResult = "smoothed modifier is experimental and not enabled")]
    [TestCase("a + fill(1) b", ExpectedResult = "binop fill modifiers are experimental and not enabled")]
    public string What_is_experimental_has_to_be_allowed(string text) =>
        Assert.Throws<PromQlException>(() => PromQlParser.Parse(text, ParserOptions.Default))!.Detail;

    [TestCase("up[5m+1m]", ExpectedResult = "3..5")]
    [TestCase("up[(5m)]", ExpectedResult = "4..6")]
    [TestCase("up offset step()", ExpectedResult = "10..16")]
    public string Duration_arithmetic_can_be_switched_off(string text)
    {
        PromQlException error = Assert.Throws<PromQlException>(() => PromQlParser.Parse(text, new ParserOptions { DurationExpressions = false }))!;

        Assert.That(error.Detail, Is.EqualTo("experimental duration expression is not enabled"));
        return $"{error.Position.Start}..{error.Position.End}";
    }
}
