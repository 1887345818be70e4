namespace Observability.Model.Tests.Matching;

/// <summary>The language of regular expressions: RE2's, as in Prometheus.</summary>
internal sealed class PatternTests
{
    // Choices, gaps, classes.
    [TestCase("foo.*", "foobar", ExpectedResult = true)]
    [TestCase("foo.*", "foo\n", ExpectedResult = true)]
    [TestCase("foo.+", "foo", ExpectedResult = false)]
    [TestCase("foo.+", "foo😀", ExpectedResult = true)]
    [TestCase(".+😀", "😀", ExpectedResult = false)]
    [TestCase(".*bar", "foobar", ExpectedResult = true)]
    [TestCase(".*oba.*", "foobar", ExpectedResult = true)]
    [TestCase(".*ab.*ab.*", "ab-ab", ExpectedResult = true)]
    [TestCase(".*ab.*ab.*", "aba", ExpectedResult = false)]
    [TestCase("ab.*ba", "aba", ExpectedResult = false)]
    [TestCase("(web|db)-.*", "db-0", ExpectedResult = true)]
    [TestCase("(web|db)-.*|x", "x", ExpectedResult = true)]
    [TestCase("(web|db)-.*|x", "cache-0", ExpectedResult = false)]
    [TestCase("a.c", "a😀c", ExpectedResult = true)]
    [TestCase("(?-s)a.c", "a\nc", ExpectedResult = false)]
    [TestCase("[a-c]+[^a-c]", "abcx", ExpectedResult = true)]
    [TestCase("[^a]", "😀", ExpectedResult = true)]
    [TestCase("[^a]", "\n", ExpectedResult = true)]
    [TestCase("[]a]+", "]a", ExpectedResult = true)]
    [TestCase("[a-]+", "a-", ExpectedResult = true)]
    [TestCase("[\\]\\d]+", "]1", ExpectedResult = true)]
    [TestCase("[[:alpha:][:^space:]]", "5", ExpectedResult = true)]
    [TestCase("[[:upper:]]", "a", ExpectedResult = false)]
    [TestCase("(?i)[[:upper:]]", "a", ExpectedResult = true)]
    [TestCase("a{2}", "aa", ExpectedResult = true)]
    [TestCase("a{2,}", "aaaa", ExpectedResult = true)]
    [TestCase("a{,2}", "a{,2}", ExpectedResult = true)]
    [TestCase("(a|ab)(c|bcd)(d*)", "abcd", ExpectedResult = true)]
    [TestCase("(|a)+", "aaa", ExpectedResult = true)]
    [TestCase("(a*)*b", "aaab", ExpectedResult = true)]

    // Escapes.
    [TestCase("\\d+", "12", ExpectedResult = true)]
    [TestCase("\\d+", "١٢", ExpectedResult = false)] // ASCII alone
    [TestCase("\\w+", "é", ExpectedResult = false)]
    [TestCase("\\s", "\u00A0", ExpectedResult = false)]
    [TestCase("\\s", "\v", ExpectedResult = false)]
    [TestCase("\\D\\W\\S", "a-b", ExpectedResult = true)]
    [TestCase("\\pN", "٣", ExpectedResult = true)]
    [TestCase("\\p{Lu}\\P{Lu}\\p{^Lu}", "Aaa", ExpectedResult = true)]
    [TestCase("\\Qa.b*\\E+", "a.b**", ExpectedResult = true)]
    [TestCase("\\Qa.b", "a.b", ExpectedResult = true)]
    [TestCase("\\x41\\x{1F600}\\101\\.\\-", "A😀A.-", ExpectedResult = true)]
    [TestCase("\\Aa\\z", "a", ExpectedResult = true)]
    [TestCase("a\\z", "a\n", ExpectedResult = false)]
    [TestCase("a$", "a\n", ExpectedResult = false)]

    // Assertions inside.
    [TestCase(".*\\bfoo\\b.*", "a foo b", ExpectedResult = true)]
    [TestCase(".*\\bfoo\\b.*", "afoob", ExpectedResult = false)]
    [TestCase(".*é\\bfoo", "éfoo", ExpectedResult = true)] // é is no word character there
    [TestCase("a\\Bb", "ab", ExpectedResult = true)]
    [TestCase("(?m)a$.^b", "a\nb", ExpectedResult = true)]
    [TestCase("a^b", "ab", ExpectedResult = false)]
    [TestCase("(^a|b)+", "ab", ExpectedResult = true)]
    [TestCase("(^a|b)+", "ba", ExpectedResult = false)]

    // Flags and cases.
    [TestCase("(?i)straße", "STRAßE", ExpectedResult = true)]
    [TestCase("(?i)k", "\u212A", ExpectedResult = true)] // the Kelvin sign
    [TestCase("(?i)ς", "Σ", ExpectedResult = true)]
    [TestCase("(?i)i", "İ", ExpectedResult = false)] // not even in Turkish
    [TestCase("(?i)a-very-long-name-with-many-letters", "A-VERY-LONG-NAME-WITH-MANY-LETTERS", ExpectedResult = true)]
    [TestCase("(?i)a-very-long-name-with-many-letters", "A-VERY-LONG-NAME-WITH-MANY-LETTER", ExpectedResult = false)]
    [TestCase("(?i:a)b", "Ab", ExpectedResult = true)]
    [TestCase("(?i:a)b", "AB", ExpectedResult = false)]
    [TestCase("a(?i)b|c", "aC", ExpectedResult = false)]
    [TestCase("a(?i)b|c", "C", ExpectedResult = true)] // to the group's end, across the bar
    [TestCase("(?U)a+", "aa", ExpectedResult = true)]
    [TestCase("(?P<x>a)(?<y>b)", "ab", ExpectedResult = true)]
    public bool A_pattern_means_what_it_means_to_RE2(string pattern, string value)
    {
        bool isMatch = new Matcher("name", MatchOperator.Regex, pattern).Matches(value);

        Assert.That(new Re2Pattern(pattern).IsMatch(value), Is.EqualTo(isMatch));
        return isMatch;
    }

    [TestCase("(", ExpectedResult = "missing closing ): `(`")]
    [TestCase("a)", ExpectedResult = "unexpected ): `a)`")]
    [TestCase("a)|(b", ExpectedResult = "unexpected ): `a)|(b`")]
    [TestCase("x[a-z", ExpectedResult = "missing closing ]: `[a-z`")]
    [TestCase("[", ExpectedResult = "missing closing ]: `[`")]
    [TestCase("[z-a]", ExpectedResult = "invalid character class range: `z-a`")]
    [TestCase("[[:nope:]]", ExpectedResult = "invalid character class range: `[:nope:]`")]
    [TestCase("\\p{Nope}", ExpectedResult = "invalid character class range: `\\p{Nope}`")]
    [TestCase("*", ExpectedResult = "missing argument to repetition operator: `*`")]
    [TestCase("a|+", ExpectedResult = "missing argument to repetition operator: `+`")]
    [TestCase("(?i)*", ExpectedResult = "missing argument to repetition operator: `*`")]
    [TestCase("a**", ExpectedResult = "invalid nested repetition operator: `**`")]
    [TestCase("a*+", ExpectedResult = "invalid nested repetition operator: `*+`")]
    [TestCase("a{2}{3}", ExpectedResult = "invalid nested repetition operator: `{2}{3}`")]
    [TestCase("a{1001}", ExpectedResult = "invalid repeat count: `{1001}`")]
    [TestCase("a{2,1}", ExpectedResult = "invalid repeat count: `{2,1}`")]
    [TestCase("(a{100}){100}", ExpectedResult = "invalid repeat count: `{100}`")]
    [TestCase("a\\", ExpectedResult = "trailing backslash at end of expression: ``")]
    [TestCase("\\C", ExpectedResult = "invalid escape sequence: `\\C`")]
    [TestCase("(a)\\1", ExpectedResult = "invalid escape sequence: `\\1`")]
    [TestCase("\\Z", ExpectedResult = "invalid escape sequence: `\\Z`")]
    [TestCase("(?=a)", ExpectedResult = "invalid or unsupported Perl syntax: `(?=`")]
    [TestCase("(?!a)", ExpectedResult = "invalid or unsupported Perl syntax: `(?!`")]
    [TestCase("(?>a)", ExpectedResult = "invalid or unsupported Perl syntax: `(?>`")]
    [TestCase("(?<=a)", ExpectedResult = "invalid named capture: `(?<=a)`")]
    [TestCase("(?P<a-b>c)", ExpectedResult = "invalid named capture: `(?P<a-b>`")]
    public string A_pattern_that_RE2_refuses_is_refused_with_its_words(string pattern)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => _ = new Matcher("name", MatchOperator.Regex, pattern))!;

        Assert.That(error.Message, Does.StartWith("error parsing regexp: "));
        return error.Message["error parsing regexp: ".Length..];
    }

    [Test]
    public void A_pattern_of_bounded_text_can_cost_no_unbounded_work()
    {
        string[] patterns = [new string('(', 20_000), "(((a{9}){9}){9}){9}", string.Concat(Enumerable.Repeat("[^a]{999}", 20)), "(?i)" + new string('k', 5000) + ".+x[^b]",
            string.Concat(Enumerable.Repeat(@"\PL", 10_000)), "(?i)" + string.Concat(Enumerable.Repeat("[^é]", 10_000)), new string('.', 5_000)];

        foreach (string pattern in patterns)
            Assert.That(() => new Matcher("name", MatchOperator.Regex, pattern), Throws.ArgumentException, pattern[..10]);
        var cruel = new Matcher("name", MatchOperator.Regex, "(a|a|aa|.?b?){50}.*(x+x+)+y[^z]{0,300}"); // a backtracker would not return
        Assert.That(cruel.Matches(new string('x', 5_000)), Is.False);
    }

    [Test]
    public void Text_is_compared_character_by_character()
    {
        Assert.That(new Matcher("name", MatchOperator.Regex, "(?i)title[^x]").Matches("TITLE!"), Is.True);
        Assert.That(new Matcher("name", MatchOperator.Regex, ".*\u00ADa.*").Matches("a"), Is.False); // a soft hyphen is a character
    }

    [TestCase("(.*)-(.*)", "a-b", "$2-$1", ExpectedResult = "b-a")]
    [TestCase("(.*)-(.*)", "a-b-c", "$1", ExpectedResult = "a-b")] // greedy
    [TestCase("(.*?)-(.*)", "a-b-c", "$1", ExpectedResult = "a")]
    [TestCase("(?P<x>a)(?P<y>b)?", "a", "${x}[$y]$0", ExpectedResult = "a[]a")]
    [TestCase("(a)", "a", "$1x", ExpectedResult = "")] // the group named 1x
    [TestCase("(a)", "a", "${1}x", ExpectedResult = "ax")]
    [TestCase("(a)", "a", "$$1 $ ${ ${1 $- $9", ExpectedResult = "$1 $ ${ ${1 $- ")]
    [TestCase("(a|b)*", "ab", "$1", ExpectedResult = "b")]
    [TestCase("(a)|(b)", "b", "$1$2", ExpectedResult = "b")]
    [TestCase("a", "b", "x", ExpectedResult = null)]
    [TestCase("a", "ab", "x", ExpectedResult = null)]
    [TestCase("(😀)(.)", "😀é", "$2$1", ExpectedResult = "é😀")]
    public string? A_template_is_filled_by_the_rules_of_Go(string pattern, string value, string template) => new Re2Pattern(pattern).Expand(value, template);
}
