using System.Diagnostics;
using System.Globalization;
using Observability.Model;

namespace Observability.Storage.Crash;

/// <summary>
/// How long a process that was killed takes until it serves again: <c>startup FOLDER SERIES HOURS</c> has one process fill the folder and
/// kill itself, then starts others on what it left.
/// </summary>
internal static class StartupMeasurement
{
    private const int Runs = 3;
    private const int Tenants = 20;
    private const int RowsOfGroup = 28;      // rows that a kubelet stamps together
    private const int GroupsOfNode = 110;
    private const int StepMs = 15_000;

    // A range of two hours begins here: nothing of the first two hours is sealed while they are written.
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(string folder, int series, double hours)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{series}"), length = string.Create(CultureInfo.InvariantCulture, $"{hours}");
        await RunChildAsync("fill", folder, size, length);
        for (int run = 0; run < Runs; run++)
        {
            long started = Stopwatch.GetTimestamp();
            await RunChildAsync("open", folder, size, length, _ => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  from process start to serving: {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s")));
        }
        return 0;
    }

    /// <summary>Writes as collectors do, then kills its own process.</summary>
    public static async Task FillAsync(string folder, int series, double hours)
    {
        var clock = new WorkClock(Start);
        await using DurableHead head = await DurableHead.OpenAsync(folder, clock);
        SeriesHandle[] handles = [.. Enumerable.Range(0, series).Select(number => head.Store.Resolve(TenantOf(number), LabelsOf(number)))];
        double[] values = new double[series];
        var random = new Random(1);
        long samples = 0, started = Stopwatch.GetTimestamp();
        for (int step = 0; step < hours * 3_600_000 / StepMs; step++)
        {
            DateTimeOffset now = Start.AddMilliseconds((long)step * StepMs);
            clock.MoveTo(now);
            for (int first = 0; first < series; first += RowsOfGroup * GroupsOfNode)
            {
                using WriteBatch batch = head.Store.BeginBatch();
                int end = Math.Min(series, first + (RowsOfGroup * GroupsOfNode));
                long timeMs = 0;
                for (int number = first; number < end; number++)
                {
                    if ((number - first) % RowsOfGroup == 0)
                        timeMs = now.ToUnixTimeMilliseconds() - random.Next(10_000) + 10_000;
                    values[number] = number % 3 == 0 ? values[number] + random.NextDouble() : number % 3 == 1 ? random.Next(1 << 20) * 4096.0 : 0;
                    batch.Add(handles[number], timeMs, values[number]);
                }
                samples += end - first;
                await batch.CommitAsync(CancellationToken.None);
            }
        }
        TimeSpan taken = Stopwatch.GetElapsedTime(started);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{samples} samples of {series} series in {taken.TotalSeconds:F1} s, journal {head.Journal.SizeBytes / (double)samples:F2} B a sample, {Environment.WorkingSet >> 20} MiB"));
        Process.GetCurrentProcess().Kill();
    }

    public static async Task OpenAsync(string folder, double hours)
    {
        await using DurableHead head = await DurableHead.OpenAsync(folder, new WorkClock(Start.AddHours(hours)));
        JournalReplayReport report = head.Journal.Replayed!; // opening has replayed it
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"serving: {report.Samples} samples, {report.Segments} segments, {report.Bytes >> 20} MiB in {report.Duration.TotalSeconds:F2} s, {Environment.CpuUsage.TotalTime.TotalSeconds:F2} s of CPU since the start, {Environment.WorkingSet >> 20} MiB"));
        Process.GetCurrentProcess().Kill();
    }

    private static async Task RunChildAsync(string command, string folder, string series, string hours, Action<string>? onLine = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(StartupMeasurement).Assembly.Location, command, folder, series, hours])
        {
            RedirectStandardOutput = true,
        };
        if (!Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.RemoveAt(0); // an executable of its own
        using Process child = Process.Start(start)!; // a program that was found is started
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line);
            onLine?.Invoke(line);
        }
        await child.WaitForExitAsync();
    }

    private static TenantUid TenantOf(int series) => TenantUid.Parse((series / RowsOfGroup % Tenants).ToString("x32", CultureInfo.InvariantCulture));

    private static LabelSet LabelsOf(int series)
    {
        int pod = series / RowsOfGroup;
        return LabelSet.Of(
            (LabelNames.MetricName, $"container_metric_{series % RowsOfGroup}"), ("cluster", "default"), ("container", "main"), ("instance", $"10.0.{pod / GroupsOfNode}.1:10250"),
            ("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"), ("namespace", $"namespace-{pod % Tenants}-{pod % 3}"), ("node", $"node-{pod / GroupsOfNode}"),
            ("pod", $"deployment-{pod % 500}-7c9d8f6b5-{pod:x5}"), ("tenant", $"tenant-{pod % Tenants}"));
    }
}
