using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.PrometheusApi.Evaluation;
using Observability.Model;
using Observability.PromQL.Sources;
using Observability.Storage;

namespace Observability.Aggregator.Tests.PrometheusApi;

public class ScopedSeriesSourceTests
{
    private static readonly TimeRange Range = new(-30_000, 0);
    private ApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await ApiServer.StartAsync();
        // The same labels in two partitions: a tenant that was deleted, and its successor of the same name.
        await _server.WriteAsync("acme", LabelSet.Of(("__name__", "up")), (-30, 1), (-20, 2), (-10, 3));
        await _server.WriteAsync("globex", LabelSet.Of(("__name__", "up")), (-25, 4), (-20, 5), (0, 6));
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase(-30_000, 0, ExpectedResult = new double[] { 1, 2, 3 })]
    [TestCase(-31_000, 1, ExpectedResult = new double[] { 1, 2, 3 })]
    [TestCase(-20_000, -20_000, ExpectedResult = new double[] { 2 })]
    [TestCase(-29_999, long.MaxValue, ExpectedResult = new double[] { 2, 3 })]
    [TestCase(-29_999, -20_001, ExpectedResult = new double[0])]
    [TestCase(0, -1, ExpectedResult = new double[0])]
    public double[] A_read_gives_what_lies_in_its_range(long fromMs, long toMs) => Read(new(fromMs, toMs), "acme");

    [Test]
    public void Series_of_the_same_labels_are_one() => Assert.That(Read(Range, "acme", "globex"), Is.EqualTo(new double[] { 1, 4, 2, 3, 6 }).Or.EqualTo(new double[] { 1, 4, 5, 3, 6 }));

    private double[] Read(TimeRange range, params string[] tenants)
    {
        var scope = new TenantScope([.. tenants.Select(tenant => TenantGrant.Whole(_server.Uid(tenant), Rights.Metrics))]);
        var source = new ScopedSeriesSource(_server.Aggregator.AggregatorHost.Services.GetRequiredService<MetricStore>(), scope);
        ISeries series = source.Select([Matcher.Equal("__name__", "up")], new SelectHints(At(Range)), CancellationToken.None).Single();
        var samples = new SeriesSamples();
        series.Read(At(range), samples);
        return samples.Floats.Values.ToArray();
    }

    private TimeRange At(TimeRange relative) => new(_server.NowMs + relative.FromMs, relative.ToMs == long.MaxValue ? long.MaxValue : _server.NowMs + relative.ToMs);
}
