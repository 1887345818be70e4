using System.Globalization;
using System.Text;
using Observability.Model;
using Observability.Storage.Offline;

namespace Observability.Aggregator.StoreTools;

/// <summary><c>store export</c></summary>
internal static class StoreExport
{
    private const int BufferSize = 1 << 16;

    public static int Run(
        string path, TenantUid partition, TimeRange range, IReadOnlyList<Matcher> matchers, FileInfo? file, TextWriter output, ProgressLine progress,
        TextWriter errors, CancellationToken cancellationToken)
    {
        using OfflineStore store = OfflineStore.Open(path);
        if (!store.Partitions.Contains(partition))
        {
            errors.WriteLine($"The store has no partition {partition}.");
            return 1;
        }
        if (store.Faults.Count > 0)
        {
            // An export that lacks a block looks like one that is whole.
            foreach (string fault in store.Faults)
                errors.WriteLine(fault);
            return 1;
        }
        IReadOnlyList<OfflineSeries> series = store.Select(partition, matchers, range, cancellationToken);
        using StreamWriter? ownOutput = file is null ? null : new StreamWriter(file.FullName, append: false, new UTF8Encoding(false), BufferSize);
        var text = new OpenMetricsText(ownOutput ?? output);
        var samples = new SampleColumns();
        long written = 0;
        for (int i = 0; i < series.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            samples.Clear();
            series[i].Read(samples);
            written += text.Write(series[i].Labels, samples);
            progress.Report(string.Create(CultureInfo.InvariantCulture, $"{i + 1} of {series.Count} series, {written} samples"));
        }
        text.End();
        progress.End();
        return 0;
    }
}
