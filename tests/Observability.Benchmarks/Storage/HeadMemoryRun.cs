using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Observability.Storage;

namespace Observability.Benchmarks.Storage;

/// <summary>
/// Fills a head with two hours of kubelet-like series and prints what the process takes; two runs with different numbers give the slope.
/// <c>memory 100000</c>
/// </summary>
internal static class HeadMemoryRun
{
    private const int Scrapes = 480;

    public static async Task<int> RunAsync(string[] arguments)
    {
        int count = arguments is [string text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 100_000;
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        using var store = new MetricStore(new StoreOptions { MaxSeriesPerPartition = count }, new VolatileJournal(), clock);
        SeriesHandle[] series = [.. Enumerable.Range(0, count).Select(i => store.Resolve(KubeletSeries.Tenant, KubeletSeries.At(i)))];
        TimeSpan appending = TimeSpan.Zero; // of the processor: the machine may have others to serve
        for (int scrape = 1; scrape <= Scrapes; scrape++)
        {
            clock.Advance(TimeSpan.FromSeconds(15));
            long nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
            for (int start = 0; start < count; start += 10_000) // a node's batch
            {
                using WriteBatch batch = store.BeginBatch();
                for (int i = start; i < Math.Min(count, start + 10_000); i++)
                    batch.Add(series[i], KubeletSeries.TimeMs(nowMs, i), KubeletSeries.Value(i, scrape));
                TimeSpan before = Environment.CpuUsage.TotalTime;
                await batch.CommitAsync(CancellationToken.None);
                appending += Environment.CpuUsage.TotalTime - before;
            }
        }
        long live = GC.GetTotalMemory(forceFullCollection: true);
        StoreStatistics statistics = store.Statistics(KubeletSeries.Scope);
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count} series, {statistics.Samples} samples in {statistics.Chunks} chunks of {statistics.SizeBytes} B ({(double)statistics.SizeBytes / statistics.Samples:F3} B/sample); " +
            $"live {live} B ({live / count} B/series), RSS {self.WorkingSet64} B; commit {appending.TotalNanoseconds / ((double)count * Scrapes):F1} ns of CPU a sample"));
        GC.KeepAlive(series);
        return 0;
    }
}
