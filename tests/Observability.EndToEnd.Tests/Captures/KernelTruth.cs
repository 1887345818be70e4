using System.Globalization;
using System.Text;

namespace Observability.EndToEnd.Tests.Captures;

/// <summary>The cgroup counters as the kernel had them just before and after each round of scrapes.</summary>
internal sealed class KernelTruth
{
    private readonly Dictionary<string, List<Reading>> _readings = new(StringComparer.Ordinal); // by cgroup path, in order of time

    /// <summary>One reading of one cgroup. Working set is usage less inactive file pages, as cAdvisor has it.</summary>
    internal readonly record struct Reading(double UnixSeconds, double CpuSeconds, double MemoryBytes, double WorkingSetBytes);

    public static KernelTruth Read()
    {
        var truth = new KernelTruth();
        string[] lines = Encoding.UTF8.GetString(CaptureFolder.Unzip("cgroup-truth.csv.gz")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] columns = lines[0].Split(',');
        int time = Array.IndexOf(columns, "t_unix_ns"), cgroup = Array.IndexOf(columns, "cgroup"), cpu = Array.IndexOf(columns, "cpuacct_usage_ns");
        int usage = Array.IndexOf(columns, "mem_usage_bytes"), inactive = Array.IndexOf(columns, "total_inactive_file");
        foreach (string line in lines.Skip(1))
        {
            string[] row = line.Split(',');
            if (!truth._readings.TryGetValue(row[cgroup], out List<Reading>? readings))
                truth._readings.Add(row[cgroup], readings = []);
            readings.Add(new Reading(Number(row[time]) / 1e9, Number(row[cpu]) / 1e9, Number(row[usage]), Number(row[usage]) - Number(row[inactive])));
        }
        foreach (List<Reading> readings in truth._readings.Values)
            readings.Sort((a, b) => a.UnixSeconds.CompareTo(b.UnixSeconds));
        return truth;

        static double Number(string text) => text.Length == 0 ? 0 : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Paths of the cgroups of pods: <c>/kubepods/burstable/pod…</c>, by the UID in them.</summary>
    public IReadOnlyDictionary<string, string> PodCgroups =>
        _readings.Keys.Where(path => Path.GetFileName(path).StartsWith("pod", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetFileName(path)["pod".Length..], StringComparer.Ordinal);

    /// <summary>The readings on both sides of a moment; null outside of what was read.</summary>
    public (Reading Before, Reading After)? Around(string cgroup, double unixSeconds)
    {
        if (!_readings.TryGetValue(cgroup, out List<Reading>? readings))
            return null;
        int after = readings.FindIndex(reading => reading.UnixSeconds >= unixSeconds);
        return after <= 0 ? null : (readings[after - 1], readings[after]);
    }
}
