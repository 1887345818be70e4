using CsCheck;
using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Index;

internal sealed class MatchersTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    // Given series a, b{x="1"}, c{x="2"}, d{x="1", y="1"}.
    [TestCase("x", MatchOperator.Equal, "1", ExpectedResult = "bd")]
    [TestCase("x", MatchOperator.Equal, "3", ExpectedResult = "")]
    [TestCase("x", MatchOperator.Equal, "", ExpectedResult = "a")]
    [TestCase("x", MatchOperator.NotEqual, "1", ExpectedResult = "ac")]
    [TestCase("x", MatchOperator.NotEqual, "", ExpectedResult = "bcd")]
    [TestCase("x", MatchOperator.Regex, "1|2", ExpectedResult = "bcd")]
    [TestCase("x", MatchOperator.Regex, "1|", ExpectedResult = "abd")]
    [TestCase("x", MatchOperator.Regex, ".*", ExpectedResult = "abcd")]
    [TestCase("x", MatchOperator.Regex, ".+", ExpectedResult = "bcd")]
    [TestCase("x", MatchOperator.NotRegex, "1|", ExpectedResult = "c")]
    [TestCase("x", MatchOperator.NotRegex, "1", ExpectedResult = "ac")]
    [TestCase("x", MatchOperator.NotRegex, ".+", ExpectedResult = "a")]
    [TestCase("x", MatchOperator.NotRegex, ".*", ExpectedResult = "")]
    [TestCase("unknown", MatchOperator.Equal, "", ExpectedResult = "abcd")]
    [TestCase("unknown", MatchOperator.NotEqual, "1", ExpectedResult = "abcd")]
    [TestCase("unknown", MatchOperator.NotEqual, "", ExpectedResult = "")]
    [TestCase("unknown", MatchOperator.Regex, ".+", ExpectedResult = "")]
    [TestCase("unknown", MatchOperator.Regex, ".*", ExpectedResult = "abcd")]
    public async Task<string> A_label_that_a_series_lacks_counts_as_empty(string name, MatchOperator @operator, string value)
    {
        await _store.WriteAsync(Acme, Labels("a"), (0, 1));
        await _store.WriteAsync(Acme, Labels("b", ("x", "1")), (0, 1));
        await _store.WriteAsync(Acme, Labels("c", ("x", "2")), (0, 1));
        await _store.WriteAsync(Acme, Labels("d", ("x", "1"), ("y", "1")), (0, 1));

        return string.Concat(_store.Select(Scope(Acme), new Matcher(name, @operator, value)).Select(series => series.Labels.MetricName));
    }

    [Test]
    public async Task Any_matchers_pick_what_asking_every_series_picks()
    {
        Gen<string> values = Gen.OneOf("", "1", "2", "3");
        Gen<LabelSet> labels = Gen.Select(Gen.OneOf("a", "b"), values, values, Gen.Int[0, 400]).Select(
            (name, x, y, id) => Labels(name, ("x", x), ("y", y), ("id", id < 300 ? $"{id}" : "")));
        Gen<Matcher> matcher = Gen.Select(
            Gen.OneOf("__name__", "x", "y", "id", "z"), Gen.OneOf(Enum.GetValues<MatchOperator>()),
            Gen.OneOf("", "a", "1", "2", "1|2", "[0-9]+", ".*", ".+", "1?", "(a|b)|", "7"))
            .Where((_, @operator, value) => @operator is MatchOperator.Regex or MatchOperator.NotRegex || !value.Contains('|', StringComparison.Ordinal))
            .Select((name, @operator, value) => new Matcher(name, @operator, value));

        await Gen.Select(labels.Array[1, 200], matcher.Array[0, 4]).SampleAsync(async (sets, matchers) =>
        {
            using var store = new TestStore();
            foreach (LabelSet set in sets)
                await store.WriteAsync(Acme, set, (0, 1));

            IEnumerable<LabelSet> expected = sets.Distinct()
                .Where(set => matchers.All(one => one.Matches(set[one.Name]))).Order();

            Assert.That(store.Select(Scope(Acme), matchers).Select(series => series.Labels), Is.EqualTo(expected),
                string.Join(',', matchers.Select(one => one.ToString())));
        }, iter: 60);
    }

    [Test]
    public async Task Label_names_and_values_are_those_of_the_series_that_match_sorted()
    {
        await _store.WriteAsync(Acme, Labels("b", ("x", "2"), ("y", "1")), (0, 1));
        await _store.WriteAsync(Acme, Labels("b", ("x", "10")), (0, 1));
        await _store.WriteAsync(Acme, Labels("a", ("x", "3"), ("only-a", "1")), (0, 1));
        Matcher[] matchers = [Matcher.Equal("__name__", "b")];

        Assert.That(_store.Store.LabelNames(Scope(Acme), matchers, TimeRange.All, default), Is.EqualTo(new[] { "__name__", "x", "y" }));
        Assert.That(_store.Store.LabelValues(Scope(Acme), "x", matchers, TimeRange.All, default), Is.EqualTo(new[] { "10", "2" }));
        Assert.That(_store.Store.LabelValues(Scope(Acme), "unknown", matchers, TimeRange.All, default), Is.Empty);
    }

    [Test]
    public async Task Series_without_samples_in_the_range_are_not_there()
    {
        await _store.WriteAsync(Acme, Labels("early", ("x", "1")), (0, 1), (1000, 1));
        await _store.WriteAsync(Acme, Labels("late", ("y", "1")), (5000, 1));
        var range = new TimeRange(_store.StartMs + 1001, _store.StartMs + 9000);

        Assert.That(_store.Store.Select(Scope(Acme), [], range, default).Select(series => series.Labels.MetricName), Is.EqualTo(new[] { "late" }));
        Assert.That(_store.Store.LabelNames(Scope(Acme), [], range, default), Is.EqualTo(new[] { "__name__", "y" }));
        Assert.That(_store.Store.LabelValues(Scope(Acme), "x", [], range, default), Is.Empty);
    }

    [Test]
    public void A_selection_that_is_cancelled_ends()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.That(() => _store.Store.Select(Scope(Acme), [], TimeRange.All, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }
}
