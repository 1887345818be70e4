using Observability.Collector.Classification;
using Observability.Collector.Tests.Support;
using Observability.Protocol.V1;

namespace Observability.Collector.Tests.Series;

internal sealed class GivenLimitsOfTheStream
{
    private const string Page = """
        # TYPE container_fs_usage_bytes gauge
        container_fs_usage_bytes{id="/",device="/dev/sda"} 1
        container_fs_usage_bytes{id="/",device="/dev/a-long-name"} 2
        container_fs_usage_bytes{id="/",device="/dev/sdb",more="x",yet_more="y"} 3

        """;

    private readonly NodePages _node = new();

    [TearDown]
    public void End() => _node.Dispose();

    [Test]
    public void A_label_value_that_is_too_long_costs_its_series_alone()
    {
        Welcome(new Limits { MaxLabelValueBytes = 10 });

        List<string> pushed = _node.Page(Page, 1000);

        Assert.That(pushed, Has.Count.EqualTo(2).And.None.Contains("a-long-name"));
        Assert.That(_node.Statistics.Dropped(DropReason.OverLimit), Is.EqualTo(1));
    }

    [Test]
    public void A_series_of_too_many_labels_is_not_sent()
    {
        Welcome(new Limits { MaxLabels = 3 }); // its own, and the id of the root

        List<string> pushed = _node.Page(Page, 1000);

        Assert.That(pushed, Has.Count.EqualTo(2).And.None.Contains("/dev/sdb"));
        Assert.That(_node.Statistics.Dropped(DropReason.OverLimit), Is.EqualTo(1));
    }

    [Test]
    public void A_stream_that_takes_more_gets_what_the_one_before_did_not_take()
    {
        Welcome(new Limits { MaxLabelValueBytes = 10 });
        _node.Page(Page, 1000);

        Welcome(new Limits());

        Assert.That(_node.Page(Page, 16_000), Has.Count.EqualTo(3));
        Assert.That(_node.Statistics.Dropped(DropReason.OverLimit), Is.EqualTo(1));
    }

    [Test]
    public void A_stream_that_takes_less_is_told_the_end_of_what_it_does_not_take()
    {
        _node.Page(Page, 1000);

        Welcome(new Limits { MaxLabelValueBytes = 10 });

        Assert.That(_node.Page(Page, 16_000), Has.Exactly(1).StartsWith("ended ").And.Exactly(1).Contains("a-long-name"));
    }

    private void Welcome(Limits limits) => _node.State.Welcomed(new Welcome { Limits = limits });
}
