using System.Globalization;
using System.Text;
using Observability.Model;
using Observability.Storage.Blocks;
using Observability.Storage.Offline;

namespace Observability.Aggregator.StoreTools;

/// <summary><c>store inspect</c></summary>
internal static class StoreInspection
{
    private static readonly CompositeFormat Layout = CompositeFormat.Parse("{0,-34} {1,7} {2,10} {3,14} {4,14} {5,9}  {6,-20}  {7}");

    public static int Run(string path, TenantUid? only, bool listBlocks, TextWriter output, TextWriter errors)
    {
        using OfflineStore store = OfflineStore.Open(path);
        Row(output, "PARTITION", "BLOCKS", "SERIES", "SAMPLES", "BYTES", "B/SAMPLE", "FROM", "TO");
        foreach (TenantUid partition in store.Partitions.Where(one => only is null || one == only))
        {
            IReadOnlyList<BlockInfo> blocks = store.BlocksOf(partition);
            // A series of two blocks counts twice: to know better, all labels would have to be read.
            Row(output, partition.ToString(), blocks.Count.ToString(CultureInfo.InvariantCulture), blocks);
            if (listBlocks)
            {
                foreach (BlockInfo block in blocks)
                    Row(output, "  " + block.Id, "", [block]);
            }
            foreach (string quarantined in store.QuarantinedOf(partition))
                output.WriteLine($"  {quarantined} is in quarantine");
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"journal: {store.JournalBytes} bytes, not in blocks yet or not cut yet"));
        foreach (string fault in store.Faults)
            errors.WriteLine(fault);
        return store.Faults.Count > 0 ? 1 : 0;
    }

    private static void Row(TextWriter output, string name, string count, IReadOnlyList<BlockInfo> blocks)
    {
        long samples = blocks.Sum(block => block.Samples), bytes = blocks.Sum(block => block.SizeBytes);
        Row(output, name, count, Whole(blocks.Sum(block => block.Series)), Whole(samples), Whole(bytes),
            samples > 0 ? ((double)bytes / samples).ToString("F3", CultureInfo.InvariantCulture) : "",
            blocks.Count > 0 ? Time(blocks.Min(block => block.Range.FromMs)) : "", blocks.Count > 0 ? Time(blocks.Max(block => block.Range.ToMs)) : "");
    }

    private static void Row(TextWriter output, params string[] cells) =>
        output.WriteLine(string.Format(CultureInfo.InvariantCulture, Layout, (object[])cells).TrimEnd());

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(long timestampMs) => timestampMs >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && timestampMs <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(timestampMs).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
        : Whole(timestampMs);
}
