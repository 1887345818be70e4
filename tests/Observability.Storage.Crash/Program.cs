using System.Diagnostics;
using System.Globalization;

namespace Observability.Storage.Crash;

/// <summary>
/// The process that is killed: opens the store, says whether all that was acknowledged before is there, then writes until it is killed
/// and prints each acknowledgement. Arguments: the folder, milliseconds between two batches, batches acknowledged to each writer.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        int stepMs = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        int[] acknowledged = [.. arguments[2..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        var clock = new WorkClock(Workload.TimeOf(acknowledged.Max(), stepMs));
        Workload[] workloads = [.. Enumerable.Range(0, Workload.Writers).Select(writer => new Workload(writer, stepMs))];
        Print("opening");
        long started = Stopwatch.GetTimestamp();
        using StoreDirectory directory = StoreDirectory.Open(arguments[0], clock);
        await using var journal = new Journal(directory, new JournalOptions { SegmentBytes = 256 * 1024, ReserveBytes = 1 << 20 }, clock);
        using var store = new MetricStore(new StoreOptions(), journal, clock);
        Print("replaying");
        JournalReplayReport report = await journal.ReplayAsync(store, CancellationToken.None);
        Print(string.Create(CultureInfo.InvariantCulture, $"serving after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms: {report.Samples} samples of {report.Segments} segments"));
        foreach (JournalLoss loss in report.Losses.Where(loss => !loss.IsTail))
            Print($"fault: {loss}");
        long compared = 0;
        foreach ((Workload workload, int batches) in workloads.Zip(acknowledged))
        {
            (IReadOnlyList<string> faults, long samples) = workload.Verify(store, batches);
            compared += samples;
            foreach (string fault in faults.Take(10))
                Print("fault: " + fault);
        }
        Print(string.Create(CultureInfo.InvariantCulture, $"verified {compared} samples"));
        await Task.WhenAll(Enumerable.Range(0, Workload.Writers).Select(writer => Task.Run(async () =>
        {
            for (int batch = acknowledged[writer]; ; batch++)
            {
                clock.MoveTo(Workload.TimeOf(batch, stepMs));
                await workloads[writer].WriteAsync(store, batch);
                Print(string.Create(CultureInfo.InvariantCulture, $"ack {writer} {batch}"));
            }
        })));
        return 0;
    }

    private static void Print(string line) => Console.Out.WriteLine(line); // flushed line by line, one at a time
}
