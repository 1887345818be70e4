using CsCheck;
using Observability.PromQL.Testing;

namespace Observability.PromQL.Tests.Parsing;

/// <summary>Texts that mean harm, or nothing: the parser answers each with a tree or a <see cref="PromQlException"/>, soon.</summary>
internal sealed class HostileTextTests
{
    private static readonly string[] Pieces =
    [
        "sum", "by", "(", ")", "[", "]", "{", "}", ",", ":", "=", "==", "=~", "!~", "!", "+", "-", "*", "/", "^", "</", ">/", "@", "\"a\"", "'", "`", "\\", "5m", "1", "0x",
        "1e", ".", "up", "offset", "step()", "start()", "anchored", "fill(0)", "on", "group_left", "bool", "and", "atan2", "rate", "#", "\n", " ", "é", "\uD83D", "\uFFFD", "__name__", "max_of", "inf",
    ];

    [Test]
    public void Any_heap_of_words_is_a_query_or_an_error() =>
        Gen.OneOf(Pieces).Array[0, 20].Select(string.Concat).Sample(text => { _ = TryParse(text); }, iter: 4_000);

    [Test]
    public void Any_text_is_a_query_or_an_error() => Gen.String.Sample(text => { _ = TryParse(text); }, iter: 2_000);

    [Test]
    public void A_damaged_query_is_a_query_or_an_error() =>
        Gen.Select(Gen.Int, Gen.Int[0, 1000], Gen.Int[0, 3], Gen.OneOf(Pieces)).Sample((seed, place, cut, piece) =>
        {
            string text = new RandomExpressions(seed).Next();
            int at = place % (text.Length + 1);
            _ = TryParse(text[..at] + piece + text[Math.Min(at + cut, text.Length)..]);
        }, iter: 2_000);

    [TestCase("(", ")")]
    [TestCase("-(", ")")]
    [TestCase("sum(", ")")]
    [TestCase("abs(", ")")]
    [TestCase("-", "")]
    [TestCase("up ^ ", "")]
    [TestCase("up + ", "")]
    [TestCase("up or ", "")]
    [TestCase("up[5m + ", "]")]
    [TestCase("up[(", ")]")]
    [TestCase("up[-", "]")]
    [TestCase("up[min_of(", ", 1)]")]
    [TestCase("", "[5m:]")]
    [TestCase("up offset (", ")")]
    [TestCase("1 ^ -", "")]
    [TestCase("a{", "}")]
    public void A_query_that_is_too_deep_is_refused(string open, string close)
    {
        string repeatedOpen = open.StartsWith("up[", StringComparison.Ordinal) || open.StartsWith("up offset ", StringComparison.Ordinal) ? "" : open;
        string inner = open[(repeatedOpen.Length == 0 ? open.LastIndexOfAny(['[', ' ']) + 1 : 0)..];
        string text = string.Concat(Enumerable.Repeat(inner.Length > 0 ? inner : open, 20_000)) + "up" + string.Concat(Enumerable.Repeat(close, 20_000));

        PromQlException error = Assert.Throws<PromQlException>(() => PromQlParser.Parse(text, ParserOptions.Everything with { MaxLength = 1 << 20 }))!;

        Assert.That(error.Message, Is.Not.Empty);
    }

    [TestCase("1", " + 1", 10_000, "nested deeper than 500 levels")]
    [TestCase("up", " or up", 10_000, "nested deeper than 500 levels")]
    [TestCase("up", "[5m:]", 10_000, "nested deeper than 500 levels")]
    [TestCase("up[1", " + 1", 10_000, "nested deeper than 500 levels")]
    [TestCase("2", " ^ 2", 10_000, "nested deeper than 500 levels")]
    [TestCase("up", "-{}-1", 10_000, "nested deeper than 500 levels")]
    [TestCase("up", "      ", 100_000, "the query is longer than 262144 characters")]
    public void A_chain_without_end_is_refused(string start, string link, int count, string message) =>
        Assert.That(() => PromQlParser.Parse(start + string.Concat(Enumerable.Repeat(link, count)), ParserOptions.Everything),
            Throws.InstanceOf<PromQlException>().With.Message.Contains(message));

    // Each would cost the square of its length, were it done the simple way.
    [TestCase("a + on (", "a,", ") group_left (", "b,", ") c")]
    [TestCase("up{a=~\"", "a.*", "\"", "", "}")]
    [TestCase("up{a=~\"[", "[:", "]\"", "", "}")]
    [TestCase("sum by (", "a,", ") (up)", "", "")]
    public void A_long_list_costs_its_length(string start, string first, string middle, string second, string end)
    {
        string text = start + string.Concat(Enumerable.Repeat(first, 20_000)) + middle + string.Concat(Enumerable.Repeat(second, 50_000)) + end;

        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = TryParse(text);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100 * 1024 * 1024));
    }

    [Test]
    public void A_deep_query_with_much_inside_is_not_indented()
    {
        string text = new string('(', 400) + "label_join(up, \"a\", \"b\"" + string.Concat(Enumerable.Repeat(", \"c\"", 20_000)) + ")" + new string(')', 400);

        string pretty = PrettyPrinter.Print(PromQlParser.Parse(text, ParserOptions.Default));

        Assert.That(pretty, Is.EqualTo(text));
    }

    [TestCase("a=~\"[^a]{999}x\"")]
    [TestCase("a=~\"[a-p][a-p][a-p]\"")]
    [TestCase("a=~\"[a-d][a-d][a-d].*\"")]
    [TestCase("a=~\"(?i)abcdefgh.*[^x]y\"")]
    public void Patterns_that_are_large_together_are_refused(string matcher)
    {
        string text = $"up{{{string.Join(',', Enumerable.Repeat(matcher, 10_000))}}}";

        Assert.That(() => PromQlParser.Parse(text, ParserOptions.Default), Throws.InstanceOf<PromQlException>().With.Message.Contains("together they need more than 32768 steps"));
    }

    [Test]
    public void A_query_of_the_allowed_depth_parses_and_prints_on_a_small_stack()
    {
        string[] texts =
        [
            new string('(', 498) + "up" + new string(')', 498),
            string.Concat(Enumerable.Repeat("-abs(", 249)) + "up" + new string(')', 249),
            "1" + string.Concat(Enumerable.Repeat(" + 1", 499)),
            "up" + string.Concat(Enumerable.Repeat(" or up", 499)),
        ];
        var lengths = new List<int>();

        var thread = new Thread(() => lengths.AddRange(texts.Select(text => PrettyPrinter.Print(PromQlParser.Parse(text, ParserOptions.Everything)).Length)), 1024 * 1024); // two thirds of what a thread of the pool has
        thread.Start();
        thread.Join();

        Assert.That(lengths, Has.Count.EqualTo(texts.Length).And.All.Positive);
    }

    private static bool TryParse(string text)
    {
        try
        {
            _ = Printer.Print(PromQlParser.Parse(text, ParserOptions.Everything));
            return true;
        }
        catch (PromQlException exception)
        {
            Assert.That(exception.Position.Start, Is.InRange(0, text.Length));
            Assert.That(exception.Position.End, Is.InRange(exception.Position.Start, text.Length + 1));
            return false;
        }
    }
}
