using System.Text;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>
/// /metrics/cadvisor as the kubelet writes it: families by name, rows by the values of their labels in the order of the labels' names.
/// </summary>
internal static class CadvisorPage
{
    private static readonly byte[][] FailureTypes = [",failure_type=\"pgfault\""u8.ToArray(), ",failure_type=\"pgmajfault\""u8.ToArray()];
    private static readonly byte[][] Scopes = [",scope=\"container\""u8.ToArray(), ",scope=\"hierarchy\""u8.ToArray()];
    private static readonly byte[][] TaskStates =
    [
        .. new[] { "iowaiting", "running", "sleeping", "stopped", "uninterruptible" }.Select(state => Encoding.UTF8.GetBytes($",state=\"{state}\"")),
    ];

    private delegate void FamilyWriter(PageWriter page, NodeSnapshot snapshot, bool anonymous);

    private static readonly FamilyWriter[] Families = Sorted();

    /// <param name="page">Receives the page.</param>
    /// <param name="snapshot">What it says.</param>
    /// <param name="anonymous">As right after the kubelet's restart: pod rows without namespace and pod, half of the containers missing.</param>
    public static void Write(PageWriter page, NodeSnapshot snapshot, bool anonymous)
    {
        foreach (FamilyWriter family in Families)
            family(page, snapshot, anonymous);
    }

    private static FamilyWriter[] Sorted()
    {
        SortedDictionary<string, FamilyWriter> families = new(StringComparer.Ordinal);
        foreach (CgroupFamily family in CadvisorFamilies.PerCgroup)
            families.Add(family.Name, (page, snapshot, anonymous) => WriteCgroups(page, snapshot, anonymous, family));
        foreach ((string name, byte[] header, Func<FileSystem, double> value) in FileSystemFamilies.All)
            families.Add(name, (page, snapshot, _) => WriteFileSystems(page, snapshot, Encoding.UTF8.GetBytes(name), header, value));
        foreach ((string name, byte[] header, Func<NetworkUse, long> value) in NetworkFamilies.All)
            families.Add(name, (page, snapshot, anonymous) => WriteNetwork(page, snapshot, anonymous, Encoding.UTF8.GetBytes(name), header, value));
        families.Add("container_memory_failures_total", WriteFailures);
        families.Add("container_tasks_state", WriteTaskStates);
        foreach ((string name, Action<PageWriter, Node> write) in MachineFamilies.All)
            families.Add(name, (page, snapshot, _) => write(page, snapshot.Node));
        return [.. families.Values];
    }

    private static bool IsHidden(in CgroupSample sample, bool anonymous) =>
        anonymous && sample.Row.Kind is RowKind.Pause or RowKind.Container && anonymous && sample.Row.Id[^1] % 2 == 0;

    private static ReadOnlySpan<byte> Labels(CgroupRow row, bool anonymous) =>
        anonymous && row.Kind == RowKind.Pod ? row.AnonymousLabels : row.Labels;

    private static void WriteCgroups(PageWriter page, NodeSnapshot snapshot, bool anonymous, CgroupFamily family)
    {
        page.Write(family.Header);
        foreach (ref readonly CgroupSample sample in snapshot.Samples.AsSpan())
        {
            CgroupRow row = sample.Row;
            if ((row.Kind & family.Kinds) == 0 || (family.NeedsQuota && row.CpuQuota == 0) || IsHidden(sample, anonymous))
                continue;

            ReadOnlySpan<byte> labels = Labels(row, anonymous);
            page.Write(family.NameBytes);
            page.Write((byte)'{');
            page.Write(labels[..row.AfterContainer]);
            page.Write(family.Infix);
            page.Write(labels[row.AfterContainer..]);
            page.Write(family.Suffix);
            page.Write("} "u8);
            if (family.AtPageTime)
            {
                page.WriteFloat(snapshot.NowMs / 1000);
                WriteTimestamp(page, snapshot.NowMs);
                continue;
            }

            long value = family.Value(sample);
            if (family.Nanoseconds)
                page.WriteFloat(value / 1e9);
            else
                page.WriteFloat(value);

            if (family.HasTimestamp)
                WriteTimestamp(page, sample.TimestampMs);
            else
                page.Write((byte)'\n');
        }
    }

    private static void WriteTimestamp(PageWriter page, long timestampMs)
    {
        page.Write((byte)' ');
        page.WriteDigits(timestampMs);
        page.Write((byte)'\n');
    }

    /// <summary>The failure type is the second label, so it orders the rows before the id does.</summary>
    private static void WriteFailures(PageWriter page, NodeSnapshot snapshot, bool anonymous)
    {
        page.Write("# HELP container_memory_failures_total Cumulative count of memory allocation failures.\n"u8);
        page.Write("# TYPE container_memory_failures_total counter\n"u8);
        ReadOnlySpan<CgroupSample> samples = snapshot.Samples;
        for (int first = 0; first < samples.Length;)
        {
            int end = first + 1;
            while (end < samples.Length && samples[end].Row.Container == samples[first].Row.Container)
                end++;

            for (int type = 0; type < FailureTypes.Length; type++)
            {
                for (int i = first; i < end; i++)
                {
                    if (!IsHidden(samples[i], anonymous))
                        WriteFailures(page, samples[i], anonymous, FailureTypes[type], type == 0 ? samples[i].Use.PageFaults : samples[i].Use.MajorPageFaults);
                }
            }

            first = end;
        }
    }

    private static void WriteFailures(PageWriter page, in CgroupSample sample, bool anonymous, byte[] type, long value)
    {
        ReadOnlySpan<byte> labels = Labels(sample.Row, anonymous);
        foreach (byte[] scope in Scopes)
        {
            page.Write("container_memory_failures_total{"u8);
            page.Write(labels[..sample.Row.AfterContainer]);
            page.Write(type);
            page.Write(labels[sample.Row.AfterContainer..]);
            page.Write(scope);
            page.Write("} "u8);
            page.WriteFloat(value);
            WriteTimestamp(page, sample.TimestampMs);
        }
    }

    private static void WriteTaskStates(PageWriter page, NodeSnapshot snapshot, bool anonymous)
    {
        page.Write("# HELP container_tasks_state Number of tasks in given state\n# TYPE container_tasks_state gauge\n"u8);
        foreach (ref readonly CgroupSample sample in snapshot.Samples.AsSpan())
        {
            if (IsHidden(sample, anonymous))
                continue;

            ReadOnlySpan<byte> labels = Labels(sample.Row, anonymous);
            foreach (byte[] state in TaskStates)
            {
                page.Write("container_tasks_state{"u8);
                page.Write(labels);
                page.Write(state);
                page.Write("} 0"u8);
                WriteTimestamp(page, sample.TimestampMs);
            }
        }
    }

    private static void WriteNetwork(
        PageWriter page, NodeSnapshot snapshot, bool anonymous, byte[] name, byte[] header, Func<NetworkUse, long> value)
    {
        page.Write(header);
        foreach (ref readonly CgroupSample sample in snapshot.Samples.AsSpan())
        {
            if (sample.Network is null || IsHidden(sample, anonymous))
                continue;

            ReadOnlySpan<byte> labels = sample.Row.Labels;
            foreach ((string networkInterface, NetworkUse use) in sample.Network)
            {
                page.Write(name);
                page.Write((byte)'{');
                page.Write(labels[..sample.Row.AfterImage]);
                page.Write(",interface=\""u8);
                foreach (char character in networkInterface)
                    page.Write((byte)character);
                page.Write((byte)'"');
                page.Write(labels[sample.Row.AfterImage..]);
                page.Write("} "u8);
                page.WriteFloat(value(use));
                WriteTimestamp(page, sample.TimestampMs);
            }
        }
    }

    private static void WriteFileSystems(PageWriter page, NodeSnapshot snapshot, byte[] name, byte[] header, Func<FileSystem, double> value)
    {
        page.Write(header);
        ref readonly CgroupSample root = ref snapshot.Samples[0];
        foreach (FileSystem fileSystem in snapshot.FileSystems)
        {
            page.Write(name);
            page.Write("{container=\"\",device=\""u8);
            page.Write(fileSystem.Device);
            page.Write((byte)'"');
            page.Write(root.Row.Labels.AsSpan(root.Row.AfterContainer));
            page.Write("} "u8);
            page.WriteFloat(value(fileSystem));
            WriteTimestamp(page, root.TimestampMs);
        }
    }
}
