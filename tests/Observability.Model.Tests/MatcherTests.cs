namespace Observability.Model.Tests;

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

    [TestCase("(")]
    [TestCase("a)|(b")]
    [TestCase("(a)\\1")]
    [TestCase("(?=a)")]
    [TestCase("[")]
    public void A_pattern_that_is_none_or_needs_backtracking_is_refused(string pattern) =>
        Assert.That(() => new Matcher("name", MatchOperator.Regex, pattern), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void A_pattern_has_a_longest_length()
    {
        Assert.That(() => new Matcher("name", MatchOperator.Regex, new string('a', Matcher.MaxPatternLength + 1)), Throws.ArgumentException);
        Assert.That(new Matcher("name", MatchOperator.Equal, new string('a', Matcher.MaxPatternLength + 1)).Value, Has.Length.EqualTo(Matcher.MaxPatternLength + 1));
    }

    [Test]
    public void A_matcher_names_a_label() =>
        Assert.That(() => new Matcher("", MatchOperator.Equal, "a"), Throws.ArgumentException);
}
