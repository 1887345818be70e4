using System.Diagnostics;
using System.Globalization;

namespace Observability.Storage.Crash;

/// <summary>
/// The process that is killed: opens the store, says whether all that was acknowledged before is there, then writes until it is killed
/// and prints each acknowledgement. <c>work FOLDER STEP ACKNOWLEDGED…</c>: milliseconds between two batches, batches that were acknowledged
/// to each writer. The other commands are those of <see cref="StartupMeasurement"/>.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments[0])
        {
            case "work":
                await WorkAsync(arguments[1], int.Parse(arguments[2], CultureInfo.InvariantCulture), [.. arguments[3..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))]);
                return 0;
            case "startup":
                return await StartupMeasurement.RunAsync(arguments[1], int.Parse(arguments[2], CultureInfo.InvariantCulture), double.Parse(arguments[3], CultureInfo.InvariantCulture));
            case "fill":
                await StartupMeasurement.FillAsync(arguments[1], int.Parse(arguments[2], CultureInfo.InvariantCulture), double.Parse(arguments[3], CultureInfo.InvariantCulture));
                return 0;
            case "open":
                await StartupMeasurement.OpenAsync(arguments[1], double.Parse(arguments[3], CultureInfo.InvariantCulture));
                return 0;
            default:
                await Console.Error.WriteLineAsync("work FOLDER STEP-MS ACKNOWLEDGED… | startup FOLDER SERIES HOURS");
                return 2;
        }
    }

    private static async Task WorkAsync(string folder, int stepMs, int[] acknowledged)
    {
        var clock = new WorkClock(Workload.TimeOf(acknowledged.Max(), stepMs));
        Workload[] workloads = [.. Enumerable.Range(0, Workload.Writers).Select(writer => new Workload(writer, stepMs))];
        Console.WriteLine("opening");
        long started = Stopwatch.GetTimestamp();
        await using DurableHead head = await DurableHead.OpenAsync(folder, clock, new JournalOptions { SegmentBytes = 256 * 1024, ReserveBytes = 1 << 20 });
        JournalReplayReport report = head.Journal.Replayed!; // opening has replayed it
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"serving after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms: {report.Samples} samples of {report.Segments} segments"));
        foreach (JournalLoss loss in report.Losses.Where(loss => !loss.IsTail))
            Console.WriteLine($"fault: {loss}");
        long compared = 0;
        foreach ((Workload workload, int batches) in workloads.Zip(acknowledged))
        {
            (IReadOnlyList<string> faults, long samples) = workload.Verify(head.Store, batches);
            compared += samples;
            foreach (string fault in faults.Take(10))
                Console.WriteLine("fault: " + fault);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"verified {compared} samples"));
        // No more than a few ahead of whoever reads, who sends a byte for each line: the pipe alone would hold thousands.
        using var ahead = new SemaphoreSlim(16);
        Task reader = Task.Run(() =>
        {
            while (Console.In.Read() >= 0)
                ahead.Release();
            Environment.Exit(0); // nobody reads any more
        });
        Task upkeep = Task.CompletedTask; // seals, cuts and merges beside the writing, so that kills meet these as well
        for (int batch = acknowledged.Min(); ; batch++)
        {
            clock.MoveTo(Workload.TimeOf(batch, stepMs));
            await Task.WhenAll(Enumerable.Range(0, Workload.Writers).Where(writer => batch >= acknowledged[writer]).Select(writer => Task.Run(async () =>
            {
                await ahead.WaitAsync();
                await workloads[writer].WriteAsync(head.Store, batch);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ack {writer} {batch}"));
            })));
            if (reader.IsFaulted)
                await reader;
            if (upkeep.IsCompleted && batch % 8 == 0)
            {
                await upkeep; // its error, if it had one
                upkeep = Task.Run(() => head.Lifecycle.UpkeepAsync(CancellationToken.None));
            }
        }
    }
}
