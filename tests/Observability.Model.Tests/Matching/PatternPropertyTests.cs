using System.Text.RegularExpressions;
using CsCheck;

namespace Observability.Model.Tests.Matching;

/// <summary>Where RE2 and .NET agree on the syntax, they agree on the matches too; .NET's engine is the second opinion.</summary>
internal sealed class PatternPropertyTests
{
    private static readonly Gen<string> Atom = Gen.OneOf("a", "b", "ab", "ba", ".", "[ab]", "[^a]", "c", "\\n", "\\d", "^", "$", "x-");

    private static readonly Gen<string> Pattern = Gen.Recursive<string>((depth, inner) => depth >= 3 ? Atom : Gen.Frequency(
        (3, Atom),
        (3, Gen.Select(inner, inner, (left, right) => left + right)),
        (2, Gen.Select(inner, inner, (left, right) => $"(?:{left}|{right})")),
        (1, inner.Select(one => $"({one})")),
        (2, Gen.Select(inner, Gen.OneOf("*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?", "+?"), (one, times) => $"(?:{one}){times}")),
        (1, inner.Select(one => $"{one}.*"))));

    private static readonly Gen<string> Value = Gen.OneOf("a", "b", "c", "x-", "\n", "7").Array[0, 6].Select(string.Concat);

    [Test]
    public void A_matcher_decides_as_a_second_engine_does() =>
        Gen.Select(Pattern, Value.Array[1, 8]).Sample((pattern, values) =>
        {
            var matcher = new Matcher("name", MatchOperator.Regex, pattern);
            var groups = new Re2Pattern(pattern);
            var other = new Regex($@"\A(?s:{pattern.Replace("$", @"\z", StringComparison.Ordinal)})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            foreach (string value in values)
            {
                bool expected = other.IsMatch(value);
                if (matcher.Matches(value) != expected || groups.IsMatch(value) != expected)
                    return false;
                if (expected && ((matcher.Prefix is { } prefix && !value.StartsWith(prefix, StringComparison.Ordinal)) || matcher.Values?.Contains(value) == false))
                    return false;
            }
            return matcher.Values is not { } all || all.All(value => other.IsMatch(value));
        }, iter: 2_000, print: sample => $"{sample.Item1} on {string.Join('|', sample.Item2)}".Replace("\n", "\\n", StringComparison.Ordinal));

    [Test]
    public void No_pattern_does_more_than_be_refused() =>
        Gen.Char["abz09(){}[]|*+?.^$\\-,:<>PiQEpLd=!é\uD83D"].Array[0, 24].Select(chars => new string(chars)).Sample(pattern =>
        {
            try
            {
                _ = new Matcher("name", MatchOperator.Regex, pattern).Matches("ab(z)09");
            }
            catch (ArgumentException)
            {
            }
        }, iter: 30_000);
}
