using CsCheck;
using Observability.Model;
using Observability.Storage.Blocks;

namespace Observability.Storage.Tests.Blocks;

internal sealed class SelectionTests
{
    private static readonly TimeRange Range = new(0, 999_999);

    private static readonly Gen<LabelSet> AnyLabels = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 5], (name, ns, pod) =>
        LabelSet.Of((LabelNames.MetricName, "m" + name), (LabelNames.Namespace, ns == 0 ? "" : "ns" + ns), ("pod", pod == 0 ? "" : "pod-" + pod)));

    private static readonly Gen<Matcher> AnyMatcher = Gen.Select(
        OneOf(LabelNames.MetricName, LabelNames.Namespace, "pod", "absent"), Gen.Enum<MatchOperator>(),
        OneOf("", "m1", "ns2", "pod-3", ".*", ".+", "m1|m2", "ns.", "pod-[1-3]", "nothing", "|ns1", "pod.*", "ns2|nothing", "ns(1|4)?"), (name, op, value) => new Matcher(name, op, value));

    [Test]
    public void A_selection_gives_the_series_that_all_matchers_accept()
    {
        Gen.Select(AnyLabels.Array[1, 60], AnyMatcher.Array[0, 4]).Sample((series, matchers) =>
        {
            using TestBlocks blocks = Written(series);

            IEnumerable<string> selected = blocks.Select(Range, matchers).Select(one => one.Labels.ToString());

            return selected.SequenceEqual(Accepted(series, matchers));
        }, iter: 60);
    }

    [Test]
    public void A_limited_grant_only_narrows()
    {
        Gen.Select(AnyLabels.Array[1, 60], AnyMatcher.Array[0, 3], Gen.Int[0, 5].HashSet[0, 3]).Sample((series, matchers, granted) =>
        {
            using TestBlocks blocks = Written(series);
            Dictionary<string, long> namespaces = granted.ToDictionary(number => "ns" + number, _ => 0L, StringComparer.Ordinal);

            IEnumerable<string> selected = blocks.Select(namespaces, Range, matchers).Select(one => one.Labels.ToString());

            return selected.SequenceEqual(Accepted([.. series.Where(labels => namespaces.ContainsKey(labels[LabelNames.Namespace] ?? ""))], matchers));
        }, iter: 60);
    }

    [Test]
    public void A_namespace_shows_nothing_from_before_it_opened()
    {
        using var blocks = new TestBlocks();
        blocks.Write(Range,
            (TestBlocks.Labels("m", (LabelNames.Namespace, "web"), ("pod", "old")), [(10, 1), (20, 2)]),
            (TestBlocks.Labels("m", (LabelNames.Namespace, "web"), ("pod", "both")), [(20, 3), (30, 4)]),
            (TestBlocks.Labels("m", (LabelNames.Namespace, "batch"), ("pod", "other")), [(20, 5)]));
        var grant = new Dictionary<string, long> { ["web"] = 25, ["batch"] = 0 };

        List<BlockSeries> selected = blocks.Select(grant, Range, Matcher.Equal(LabelNames.Namespace, "web"));

        Assert.That(selected.Select(series => series.Labels["pod"]), Is.EqualTo(new[] { "both" }));
        Assert.That(TestBlocks.Samples(selected[0]), Is.EqualTo(new[] { (30L, 4.0) }));
        Assert.That(selected[0].Range, Is.EqualTo(new TimeRange(25, 30)));
    }

    [Test]
    public void A_series_of_several_blocks_is_one_series()
    {
        using var blocks = new TestBlocks();
        LabelSet both = TestBlocks.Labels("both"), late = TestBlocks.Labels("late");
        blocks.Write(new TimeRange(100, 199), (both, [(100, 3), (110, 4)]), (late, [(120, 5)]));
        blocks.Write(new TimeRange(0, 99), (both, [(10, 1), (20, 2)]));

        List<BlockSeries> selected = blocks.Select(TimeRange.All);

        Assert.That(selected.Select(series => series.Labels), Is.EqualTo(new[] { both, late }));
        Assert.That(TestBlocks.Samples(selected[0]), Is.EqualTo(new[] { (10L, 1.0), (20, 2), (100, 3), (110, 4) }));
        Assert.That(TestBlocks.Samples(selected[0], new TimeRange(20, 100)), Is.EqualTo(new[] { (20L, 2.0), (100, 3) }));
        Assert.That(selected[0].Range, Is.EqualTo(new TimeRange(10, 110)));
    }

    [Test]
    public void Blocks_that_overlap_give_each_time_once_and_in_order()
    {
        using var blocks = new TestBlocks();
        LabelSet labels = TestBlocks.Labels("m");
        blocks.Write(new TimeRange(0, 99), (labels, [(10, 1), (30, 3), (50, 5)]));
        blocks.Write(new TimeRange(0, 100), (labels, [(20, 2), (30, 33), (60, 6)]));

        Assert.That(TestBlocks.Samples(blocks.Select(TimeRange.All).Single()),
            Is.EqualTo(new[] { (10L, 1.0), (20, 2), (30, 3), (50, 5), (60, 6) }));
    }

    [Test]
    public void A_cancelled_selection_ends()
    {
        using TestBlocks blocks = Written([TestBlocks.Labels("m")]);

        Assert.That(() => blocks.Blocks.Select(null, [], Range, [], new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static TestBlocks Written(LabelSet[] series)
    {
        var blocks = new TestBlocks();
        blocks.Write(Range, [.. series.Distinct().Select((labels, i) => (labels, TestBlocks.Every(10, i, 2, n => n)))]);
        return blocks;
    }

    private static IEnumerable<string> Accepted(LabelSet[] series, Matcher[] matchers) => series.Distinct().Order()
        .Where(labels => matchers.All(matcher => matcher.Matches(labels[matcher.Name]))).Select(labels => labels.ToString());
}
