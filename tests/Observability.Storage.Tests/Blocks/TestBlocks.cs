using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using Observability.Storage.Blocks;

namespace Observability.Storage.Tests.Blocks;

/// <summary>The blocks of one partition in a folder of their own, and short ways to write and read them.</summary>
internal sealed class TestBlocks : IDisposable
{
    public const long HourMs = 3_600_000;

    private readonly TestFolder _folder = new();
    private readonly Meter _meter = new("test");

    public TestBlocks() => Blocks = Open();

    public static TenantUid Tenant => TestStore.Acme;

    public FakeTimeProvider Clock { get; } = new();

    public PartitionBlocks Blocks { get; private set; }

    public string Directory => _folder.Path;

    public static LabelSet Labels(string name, params (string Name, string Value)[] labels) => TestStore.Labels(name, labels);

    public static (long, double)[] Every(long intervalMs, long fromMs, int count, Func<int, double> value) =>
        [.. Enumerable.Range(0, count).Select(i => (fromMs + (i * intervalMs), value(i)))];

    public string BlockPath(BlockInfo block) => Path.Combine(Directory, "blocks", block.Id);

    public void Reopen()
    {
        Blocks.Dispose();
        Blocks = Open();
    }

    /// <summary>Writes a block; series with the same times share them.</summary>
    public BlockInfo Write(TimeRange range, params (LabelSet Labels, (long TimeMs, double Value)[] Samples)[] series)
    {
        using BlockWriter writer = Blocks.BeginBlock(range);
        Fill(writer, series);
        return writer.Finish() ?? throw new InvalidOperationException("Nothing was written.");
    }

    public static void Fill(BlockWriter writer, params (LabelSet Labels, (long TimeMs, double Value)[] Samples)[] series)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((LabelSet labels, (long TimeMs, double Value)[] samples) in series.OrderBy(one => one.Labels))
        {
            writer.BeginSeries(labels);
            if (samples.Length == 0)
                continue;
            string key = string.Join(',', samples.Select(sample => sample.TimeMs));
            if (!columns.TryGetValue(key, out int times))
                columns.Add(key, times = writer.AddTimes([.. samples.Select(sample => sample.TimeMs)]));
            writer.AddRun(times, 0, [.. samples.Select(sample => BitConverter.DoubleToInt64Bits(sample.Value))]);
        }
    }

    public List<BlockSeries> Select(TimeRange range, params Matcher[] matchers) => Select(null, range, matchers);

    public List<BlockSeries> Select(IReadOnlyDictionary<string, long>? namespaces, TimeRange range, params Matcher[] matchers)
    {
        var selected = new List<BlockSeries>();
        Blocks.Select(namespaces, matchers, range, selected, CancellationToken.None);
        return [.. selected.OrderBy(series => series.Labels)];
    }

    public static (long TimeMs, double Value)[] Samples(BlockSeries series, TimeRange? range = null)
    {
        var samples = new SampleColumns();
        series.Read(range ?? TimeRange.All, samples);
        return [.. samples.TimestampsMs.ToArray().Zip(samples.Values.ToArray())];
    }

    /// <summary>All that the blocks hold, as text: labels, times, and the values' bits.</summary>
    public string Content() => string.Join('\n', Select(TimeRange.All).Select(series =>
    {
        var samples = new SampleColumns();
        series.Read(TimeRange.All, samples);
        return Line(series.Labels, samples);
    }));

    public static string Line(LabelSet labels, SampleColumns samples) => labels + string.Concat(
        samples.TimestampsMs.ToArray().Zip(samples.Values.ToArray(), (time, value) => $" {time}:{BitConverter.DoubleToInt64Bits(value):x}"));

    public void Dispose()
    {
        Blocks.Dispose();
        _meter.Dispose();
        _folder.Dispose();
    }

    private PartitionBlocks Open() => PartitionBlocks.Open(_folder.Path, Tenant, Clock, new BlockMetrics(_meter), NullLogger.Instance);
}
