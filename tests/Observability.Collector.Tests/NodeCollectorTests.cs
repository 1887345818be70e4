using Microsoft.Extensions.Logging.Abstractions;
using Observability.Collector.Scraping;
using Observability.Collector.Settings;
using Observability.Collector.Tests.Support;
using Observability.Protocol.V1;
using static Observability.Protocol.V1.CollectorMessage.MessageOneofCase;

namespace Observability.Collector.Tests;

internal sealed class NodeCollectorTests
{
    private const string Page = "# TYPE container_memory_rss gauge\ncontainer_memory_rss{id=\"/\"} 5\n";
    private static readonly DateTimeOffset Due = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(60));
    private StubAggregator _aggregator = null!;
    private StubKubelet _kubelet = null!;
    private NodeCollector _node = null!;
    private Task _push = Task.CompletedTask;

    [SetUp]
    public async Task Start()
    {
        _aggregator = await StubAggregator.StartAsync();
        _aggregator.Limits.MaxSeries = 24;
        _kubelet = await StubKubelet.StartAsync();
        _kubelet.Pages["/metrics/cadvisor"] = Page;
        var target = new NodeTarget("node-1", _kubelet.Address);
        var options = new CollectorOptions { Aggregator = _aggregator.Address, Nodes = { target } };
        _node = new NodeCollector(target, options, TimeProvider.System, NullLoggerFactory.Instance);
        _push = _node.RunPushAsync(_end.Token);
        await _node.WaitForDirectoryAsync(_end.Token);
    }

    [TearDown]
    public async Task Stop()
    {
        await _end.CancelAsync();
        await _push;
        _node.Dispose();
        await _aggregator.DisposeAsync();
        await _kubelet.DisposeAsync();
        _end.Dispose();
    }

    [Test]
    public async Task A_scrape_is_defined_pushed_and_acknowledged()
    {
        ScrapeOutcome outcome = await _node.ScrapeAsync(Due, summary: false, _end.Token);
        await _node.FlushAsync(_end.Token);

        CollectorMessage definitions = await _aggregator.NextAsync(Definitions, _end.Token);
        CollectorMessage batch = await _aggregator.NextAsync(Batch, _end.Token);
        Assert.That((outcome.Succeeded, outcome.Samples), Is.EqualTo((true, 1)));
        Assert.That(definitions.Definitions.Symbols, Does.Contain("container_memory_rss"));
        Assert.That(definitions.Definitions.Series[0].Kind, Is.EqualTo(RowKind.Node));
        Assert.That((batch.Batch.Sequence, batch.Batch.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task What_was_not_acknowledged_is_defined_and_sent_again_on_the_next_stream()
    {
        _aggregator.Acknowledges = false;
        await _node.ScrapeAsync(Due, summary: false, _end.Token);
        ScrapeBatch first = (await _aggregator.NextAsync(Batch, _end.Token)).Batch;

        _aggregator.Acknowledges = true;
        _aggregator.Break();

        await _aggregator.NextAsync(CollectorMessage.MessageOneofCase.Hello, _end.Token);
        await _aggregator.NextAsync(Definitions, _end.Token);
        Assert.That((await _aggregator.NextAsync(Batch, _end.Token)).Batch, Is.EqualTo(first));
        await _node.FlushAsync(_end.Token);
    }

    [Test]
    public async Task A_stream_whose_table_ended_series_have_filled_gives_way_to_a_new_one()
    {
        for (int round = 0; round < 6; round++)
        {
            // Ten slices, each time two of them new: with the six series of its own the node never has more than 16.
            _kubelet.Pages["/metrics/cadvisor"] = "# TYPE container_memory_rss gauge\n" + string.Concat(Enumerable.Range(round * 2, 10)
                .Select(slice => $"container_memory_rss{{id=\"/slice{slice}\"}} 5\n"));
            await _node.ScrapeAsync(Due.AddSeconds(round * 15), summary: false, _end.Token);
            await _node.FlushAsync(_end.Token);
        }

        int greetings = 0;
        while (_aggregator.Received.Reader.TryRead(out CollectorMessage? message))
            greetings += message.Hello is null ? 0 : 1;
        Assert.That(greetings, Is.EqualTo(2));
    }

    [TestCase(302)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(500)]
    public async Task A_kubelet_that_does_not_answer_well_is_down_and_ends_nothing(int status)
    {
        await _node.ScrapeAsync(Due, summary: false, _end.Token);
        _kubelet.Statuses["/metrics/cadvisor"] = status;

        ScrapeOutcome outcome = await _node.ScrapeAsync(Due.AddSeconds(15), summary: false, _end.Token);

        Assert.That((outcome.Succeeded, outcome.Ended), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task A_page_that_says_it_lacks_its_numbers_is_a_failed_scrape()
    {
        _kubelet.Pages["/metrics/resource"] = "# TYPE resource_scrape_error gauge\nresource_scrape_error 1\n";

        Assert.That((await _node.ScrapeAsync(Due, summary: false, _end.Token)).Succeeded, Is.False);
    }

    [Test]
    public async Task A_node_without_the_right_to_summaries_is_collected_all_the_same()
    {
        _kubelet.Statuses["/stats/summary"] = 403;

        Assert.That((await _node.ScrapeAsync(Due, summary: true, _end.Token)).Succeeded);
    }

    [Test]
    public async Task The_summary_gives_what_no_metrics_endpoint_has()
    {
        _kubelet.Pages["/stats/summary"] = """
            {"node":{"fs":{"time":"2023-11-14T22:13:10Z","capacityBytes":100,"usedBytes":40}},"pods":[]}
            """;

        await _node.ScrapeAsync(Due, summary: true, _end.Token);
        await _node.FlushAsync(_end.Token);

        var symbols = new List<string>();
        while (_aggregator.Received.Reader.TryRead(out CollectorMessage? message))
            symbols.AddRange(message.Definitions?.Symbols ?? []);
        Assert.That(symbols, Is.SupersetOf(new[] { "node_fs_used_bytes", "node_fs_capacity_bytes", "up" }));
    }

    [Test]
    public async Task What_the_buffer_could_not_keep_is_reported_to_the_aggregator()
    {
        var loss = new LossReport { Samples = 7, Batches = 1, FromMs = 5, ToMs = 5, Reason = "buffer full" };
        _node.State.Buffer.ReturnLoss(loss);
        await _node.ScrapeAsync(Due, summary: false, _end.Token);

        LossReport report = (await _aggregator.NextAsync(Loss, _end.Token)).Loss;

        Assert.That(report, Is.EqualTo(loss));
    }
}
