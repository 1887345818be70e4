namespace Observability.Model.Tests.Matching;

internal sealed class MatcherTests
{
    [TestCase(MatchOperator.Equal, "a", "a", ExpectedResult = true)]
    [TestCase(MatchOperator.Equal, "a", "A", ExpectedResult = false)]
    [TestCase(MatchOperator.Equal, "", null, ExpectedResult = true)]
    [TestCase(MatchOperator.NotEqual, "", null, ExpectedResult = false)]
    [TestCase(MatchOperator.NotEqual, "a", null, ExpectedResult = true)]
    [TestCase(MatchOperator.Regex, "a", "ab", ExpectedResult = false)]
    [TestCase(MatchOperator.Regex, "a|bc", "bc", ExpectedResult = true)]
    [TestCase(MatchOperator.Regex, "a|bc", "ac", ExpectedResult = false)]
    [TestCase(MatchOperator.Regex, "a.c", "a\nc", ExpectedResult = true)]
    [TestCase(MatchOperator.Regex, "a", "a\n", ExpectedResult = false)]
    [TestCase(MatchOperator.Regex, ".*", null, ExpectedResult = true)]
    [TestCase(MatchOperator.Regex, "", "a", ExpectedResult = false)]
    [TestCase(MatchOperator.Regex, "(?i)web", "WEB", ExpectedResult = true)]
    [TestCase(MatchOperator.NotRegex, "a|", null, ExpectedResult = false)]
    [TestCase(MatchOperator.NotRegex, "a", "ab", ExpectedResult = true)]
    public bool A_matcher_takes_the_whole_value_and_a_missing_one_as_empty(MatchOperator @operator, string pattern, string? value) =>
        new Matcher("name", @operator, pattern).Matches(value);

    [Test]
    public void A_pattern_has_a_longest_length()
    {
        Assert.That(() => new Matcher("name", MatchOperator.Regex, new string('a', Matcher.MaxPatternLength + 1)), Throws.ArgumentException);
        Assert.That(new Matcher("name", MatchOperator.Equal, new string('a', Matcher.MaxPatternLength + 1)).Value, Has.Length.EqualTo(Matcher.MaxPatternLength + 1));
    }

    [Test]
    public void A_matcher_names_a_label() =>
        Assert.That(() => new Matcher("", MatchOperator.Equal, "a"), Throws.ArgumentException);

    [TestCase(MatchOperator.Equal, "a", ExpectedResult = "a")]
    [TestCase(MatchOperator.Equal, "", ExpectedResult = "")]
    [TestCase(MatchOperator.NotEqual, "a", ExpectedResult = null)]
    [TestCase(MatchOperator.NotRegex, "a|b", ExpectedResult = null)]
    [TestCase(MatchOperator.Regex, "", ExpectedResult = "")]
    [TestCase(MatchOperator.Regex, "a|b", ExpectedResult = "a b")]
    [TestCase(MatchOperator.Regex, "^(a|b)$", ExpectedResult = "a b")]
    [TestCase(MatchOperator.Regex, "(web|db)-(0|1)", ExpectedResult = "web-0 web-1 db-0 db-1")]
    [TestCase(MatchOperator.Regex, "x(?:(?:a|b)c|d)?", ExpectedResult = "xac xbc xd x")]
    [TestCase(MatchOperator.Regex, "a[0-2]", ExpectedResult = "a0 a1 a2")]
    [TestCase(MatchOperator.Regex, "a{2,3}", ExpectedResult = "aaa aa")]
    [TestCase(MatchOperator.Regex, "(?i)ab", ExpectedResult = "AB Ab aB ab")]
    [TestCase(MatchOperator.Regex, "a|a", ExpectedResult = "a")]
    [TestCase(MatchOperator.Regex, "a.b", ExpectedResult = null)]
    [TestCase(MatchOperator.Regex, "a*", ExpectedResult = null)]
    [TestCase(MatchOperator.Regex, "[0-9]{3}", ExpectedResult = null)]
    [TestCase(MatchOperator.Regex, "[^a]", ExpectedResult = null)]
    public string? A_matcher_lists_the_values_where_they_are_few(MatchOperator @operator, string pattern) =>
        new Matcher("name", @operator, pattern).Values is { } values ? string.Join(' ', values) : null;

    [TestCase(MatchOperator.Equal, "abc", ExpectedResult = "abc")]
    [TestCase(MatchOperator.Regex, "abc", ExpectedResult = "abc")]
    [TestCase(MatchOperator.Regex, "abc.*", ExpectedResult = "abc")]
    [TestCase(MatchOperator.Regex, "^ab(c|d)", ExpectedResult = "ab")]
    [TestCase(MatchOperator.Regex, "abc.+|abd", ExpectedResult = "ab")]
    [TestCase(MatchOperator.Regex, "(ab)+c", ExpectedResult = "ab")]
    [TestCase(MatchOperator.Regex, "ab?", ExpectedResult = "a")]
    [TestCase(MatchOperator.Regex, ".*abc", ExpectedResult = null)]
    [TestCase(MatchOperator.Regex, "(?i)abc", ExpectedResult = null)]
    [TestCase(MatchOperator.Regex, "a|", ExpectedResult = null)]
    [TestCase(MatchOperator.NotEqual, "abc", ExpectedResult = null)]
    [TestCase(MatchOperator.NotRegex, "abc.*", ExpectedResult = null)]
    public string? A_matcher_knows_what_its_values_begin_with(MatchOperator @operator, string pattern) =>
        new Matcher("name", @operator, pattern).Prefix;

    [Test]
    public void A_choice_of_a_thousand_names_is_looked_up()
    {
        string[] pods = [.. Enumerable.Range(0, 1000).Select(i => $"a-pod-with-a-long-name-{i}")];

        var matcher = new Matcher("pod", MatchOperator.Regex, string.Join('|', pods));

        Assert.That(pods.All(matcher.Matches), Is.True);
        Assert.That(matcher.Matches("a-pod-with-a-long-name-1000"), Is.False);
        Assert.That(matcher.Values, Is.Null);
    }
}
