using System.Globalization;
using Observability.Model;
using Observability.Storage.Offline;

namespace Observability.Aggregator.StoreTools;

/// <summary><c>store verify</c></summary>
internal static class StoreVerification
{
    public static int Run(string path, TenantUid? only, TextWriter output, ProgressLine progress, TextWriter errors, CancellationToken cancellationToken)
    {
        using OfflineStore store = OfflineStore.Open(path);
        TenantUid[] partitions = [.. store.Partitions.Where(one => only is null || one == only)];
        int blocks = partitions.Sum(partition => store.BlocksOf(partition).Count), done = 0, quarantined = 0;
        long samples = 0;
        foreach (TenantUid partition in partitions)
        {
            store.Verify(partition, block =>
            {
                samples += block.Samples;
                progress.Report(string.Create(CultureInfo.InvariantCulture, $"{++done} of {blocks} blocks, {samples} samples"));
            }, cancellationToken);
            foreach (string id in store.QuarantinedOf(partition))
            {
                errors.WriteLine($"Block {id} of partition {partition} is in quarantine: the service found it damaged.");
                quarantined++;
            }
        }
        progress.End();
        foreach (string fault in store.Faults)
            errors.WriteLine(fault);
        int faults = store.Faults.Count + quarantined;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{partitions.Length} partitions, {blocks} blocks, {samples} samples: {(faults == 0 ? "no fault" : $"{faults} faults")}"));
        return faults == 0 ? 0 : 1;
    }
}
