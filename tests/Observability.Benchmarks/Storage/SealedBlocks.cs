using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Storage.Blocks;
using Observability.Storage.Chunks;

namespace Observability.Benchmarks.Storage;

/// <summary>
/// <c>sealed PODS HOURS [FOLDER]</c>: seals what a simulated node's kubelet says (or the recorded pages under a folder), two hours a block, merges,
/// and prints bytes per sample, nanoseconds per sample sealed, and samples decoded per second. Times are the process's CPU time, which what else
/// runs on the machine does not change much.
/// </summary>
internal static class SealedBlocks
{
    private const long TwoHoursMs = 7_200_000;
    private const int XorChunkSamples = 120;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_, _, ..])
        {
            await Console.Error.WriteLineAsync("sealed PODS HOURS [FOLDER of recorded metrics_cadvisor.txt.gz]");
            return 2;
        }
        int pods = int.Parse(args[0], CultureInfo.InvariantCulture), hours = int.Parse(args[1], CultureInfo.InvariantCulture);
        List<HistorySeries> history = args.Length > 2
            ? KubeletHistory.Recorded(args[2])
            : await KubeletHistory.SimulateAsync(pods, TimeSpan.FromHours(hours), CancellationToken.None);
        long samples = history.Sum(one => (long)one.TimesMs.Length);
        Print($"{history.Count} series, {samples} samples, {history.Select(one => one.TimesMs).Distinct().Count()} columns of times");
        Print($"XOR chunks of {XorChunkSamples} in Prometheus' layout: {PerSample(XorBytes(history), samples)} B/sample, without an index");

        Seal("warm-up", history, samples, shareTimes: true, TwoHoursMs);
        Seal("two hours a block", history, samples, shareTimes: true, TwoHoursMs);
        Seal("one block", history, samples, shareTimes: true, 1L << 50);
        Seal("one block, every series with its own times", history, samples, shareTimes: false, 1L << 50);
        return 0;
    }

    private static void Seal(string what, List<HistorySeries> history, long samples, bool shareTimes, long blockMs)
    {
        string folder = Directory.CreateTempSubdirectory("observability-sealed-").FullName;
        using var meter = new Meter("benchmark");
        using (PartitionBlocks blocks = PartitionBlocks.Open(folder, KubeletSeries.Tenant, TimeProvider.System, new BlockMetrics(meter), NullLogger.Instance))
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            foreach (long slot in history.SelectMany(one => one.TimesMs).Select(time => time / blockMs).Distinct().Order())
                Seal(blocks, history, shareTimes, new TimeRange(slot * blockMs, (slot * blockMs) + blockMs - 1));
            double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            Report(what, blocks, samples, seconds);
            start = Environment.CpuUsage.TotalTime;
            int merges = 0;
            while (blocks.MergeNext(CancellationToken.None))
                merges++;
            if (merges > 0)
                Report("  merged", blocks, samples, (Environment.CpuUsage.TotalTime - start).TotalSeconds);
            Decode(blocks);
        }
        Directory.Delete(folder, recursive: true);
    }

    private static void Seal(PartitionBlocks blocks, List<HistorySeries> history, bool shareTimes, TimeRange range)
    {
        using BlockWriter writer = blocks.BeginBlock(range);
        var columns = new Dictionary<long[], int>(ReferenceEqualityComparer.Instance);
        foreach (HistorySeries series in history)
        {
            int first = FirstAtOrAfter(series.TimesMs, range.FromMs), end = FirstAtOrAfter(series.TimesMs, range.ToMs + 1);
            if (first == end)
                continue;
            if (!shareTimes || !columns.TryGetValue(series.TimesMs, out int times))
                columns[series.TimesMs] = times = writer.AddTimes(series.TimesMs.AsSpan(first, end - first));
            writer.BeginSeries(series.Labels);
            writer.AddRun(times, 0, series.ValueBits.AsSpan(first, end - first));
        }
        writer.Finish();
    }

    private static void Report(string what, PartitionBlocks blocks, long samples, double seconds)
    {
        IReadOnlyList<BlockInfo> live = blocks.Live;
        long index = live.Sum(block => block.IndexBytes);
        Print($"{what}: {live.Count} blocks, {PerSample(live.Sum(block => block.SizeBytes), samples)} B/sample, of which index {PerSample(index, samples)}; {seconds * 1e9 / samples:F0} ns/sample");
    }

    private static void Decode(PartitionBlocks blocks)
    {
        var columns = new SampleColumns();
        for (int round = 0; round < 5; round++) // the first ones find code that is not optimized yet
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            var series = new List<BlockSeries>();
            blocks.Select(null, [], TimeRange.All, series, CancellationToken.None);
            double selected = (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
            long samples = 0;
            start = Environment.CpuUsage.TotalTime;
            foreach (BlockSeries one in series)
            {
                columns.Clear();
                one.Read(TimeRange.All, columns);
                samples += columns.Count;
            }
            double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            Print($"  selected {series.Count} series in {selected:F1} ms; decoded {samples / seconds / 1e6:F0} M samples/s, times and values, files read");
        }
    }

    private static long XorBytes(List<HistorySeries> history)
    {
        long bytes = 0;
        byte[] buffer = new byte[8192];
        foreach (HistorySeries series in history)
        {
            for (int first = 0; first < series.TimesMs.Length; first += XorChunkSamples)
            {
                var state = new XorState();
                state.Restart();
                Array.Clear(buffer);
                for (int i = first; i < Math.Min(first + XorChunkSamples, series.TimesMs.Length); i++)
                    XorChunk.Append(ref state, buffer, series.TimesMs[i], series.ValueBits[i]);
                bytes += state.ByteLength;
            }
        }
        return bytes;
    }

    private static int FirstAtOrAfter(long[] times, long timestampMs)
    {
        int index = Array.BinarySearch(times, timestampMs);
        return index < 0 ? ~index : index;
    }

    private static string PerSample(long bytes, long samples) => ((double)bytes / samples).ToString("F3", CultureInfo.InvariantCulture);

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
