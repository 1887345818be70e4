using System.Collections.Immutable;
using CsCheck;

namespace Observability.Model.Tests;

internal sealed class LabelSetTests
{
    private static readonly Gen<LabelSet> Sets = Gen.Select(Gen.OneOf("a", "b", "ab", "é", "Z"), Gen.OneOf("", "1", "10", "2", "\uFFFF"))
        .Array[0, 5].Select(labels => LabelSet.From(labels.DistinctBy(label => label.Item1).Select(label => new Label(label.Item1, label.Item2))));

    [Test]
    public void Labels_are_sorted_by_their_ordinal_and_an_empty_one_is_left_out()
    {
        LabelSet set = LabelSet.Of(("b", "2"), ("Z", "1"), ("empty", ""), ("a", "3"));

        Assert.That(set, Is.EqualTo(new Label[] { new("Z", "1"), new("a", "3"), new("b", "2") }));
        Assert.That((set["a"], set["empty"], set["unknown"]), Is.EqualTo(("3", (string?)null, (string?)null)));
    }

    [Test]
    public void A_name_stands_once_and_is_not_empty()
    {
        Assert.That(() => LabelSet.Of(("a", "1"), ("a", "1")), Throws.ArgumentException);
        Assert.That(() => LabelSet.Of(("", "1")), Throws.ArgumentException);
    }

    [Test]
    public void Labels_given_as_sorted_have_to_be()
    {
        Assert.That(LabelSet.FromSorted([new("a", "1"), new("b", "1")]), Is.EqualTo(LabelSet.Of(("b", "1"), ("a", "1"))));
        Assert.That(LabelSet.FromSorted([]), Is.SameAs(LabelSet.Empty));
        Assert.That(LabelSet.FromSorted(default), Is.SameAs(LabelSet.Empty));
        ImmutableArray<Label>[] wrong = [[new("b", "1"), new("a", "1")], [new("a", "1"), new("a", "1")], [new("a", "")], [new("", "1")]];
        foreach (ImmutableArray<Label> labels in wrong)
            Assert.That(() => LabelSet.FromSorted(labels), Throws.ArgumentException);
    }

    [Test]
    public void Equal_sets_have_equal_hashes_and_no_order_between_them() =>
        Gen.Select(Sets, Sets).Sample((left, right) =>
        {
            bool equal = left.SequenceEqual(right);
            return left.Equals(right) == equal && (left == right) == equal && left.CompareTo(right) == 0 == equal &&
                (!equal || left.GetHashCode() == right.GetHashCode()) && left.Equals(right) == equal; // again, the hashes known
        });

    [Test]
    public void The_order_is_total() =>
        Gen.Select(Sets, Sets, Sets).Sample((a, b, c) =>
            Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a)) && (!(a <= b && b <= c) || a <= c) && a > null);

    [Test]
    public void A_prefix_comes_first_and_a_name_decides_before_its_value()
    {
        LabelSet[] ordered = [LabelSet.Empty, LabelSet.Of(("a", "1")), LabelSet.Of(("a", "1"), ("b", "1")), LabelSet.Of(("a", "2")), LabelSet.Of(("b", "0"))];

        Assert.That(ordered, Is.Ordered);
    }

    [Test]
    public void A_label_is_set_replaced_and_removed_in_a_new_set()
    {
        LabelSet set = LabelSet.Of(("a", "1"));

        Assert.That(set.With("b", "2"), Is.EqualTo(LabelSet.Of(("a", "1"), ("b", "2"))));
        Assert.That(set.With("a", "2"), Is.EqualTo(LabelSet.Of(("a", "2"))));
        Assert.That(set.With("a", ""), Is.SameAs(LabelSet.Empty));
        Assert.That(set["a"], Is.EqualTo("1"));
    }

    [TestCase("up", "job", "kubelet", ExpectedResult = """up{job="kubelet"}""")]
    [TestCase("", "job", "a\"b\\c\nd", ExpectedResult = """{job="a\"b\\c\nd"}""")]
    public string A_set_reads_as_in_PromQL(string metric, string name, string value) =>
        LabelSet.Of((LabelNames.MetricName, metric), (name, value)).ToString();
}
