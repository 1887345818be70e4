using System.Text;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>The fifteen families of the root's file systems.</summary>
internal static class FileSystemFamilies
{
    private const double Inodes = 16_777_216;

    public static IReadOnlyList<(string Name, byte[] Header, Func<FileSystem, double> Value)> All { get; } =
    [
        Family("container_fs_inodes_free", "gauge", "Number of available Inodes", _ => Inodes - 498_034),
        Family("container_fs_inodes_total", "gauge", "Number of Inodes", _ => Inodes),
        Family("container_fs_io_current", "gauge", "Number of I/Os currently in progress", _ => 0),
        Family("container_fs_io_time_seconds_total", "counter", "Cumulative count of seconds spent doing I/Os", fs => (fs.Reads + fs.Writes) * 4e-4),
        Family("container_fs_io_time_weighted_seconds_total", "counter", "Cumulative weighted I/O time in seconds", fs => (fs.Reads + fs.Writes) * 6e-4),
        Family("container_fs_limit_bytes", "gauge", "Number of bytes that can be consumed by the container on this filesystem.", fs => fs.LimitBytes),
        Family("container_fs_read_seconds_total", "counter", "Cumulative count of seconds spent reading", fs => fs.Reads * 5e-4),
        Family("container_fs_reads_merged_total", "counter", "Cumulative count of reads merged", fs => fs.Reads / 10),
        Family("container_fs_reads_total", "counter", "Cumulative count of reads completed", fs => fs.Reads),
        Family("container_fs_sector_reads_total", "counter", "Cumulative count of sector reads completed", fs => fs.Reads * 16),
        Family("container_fs_sector_writes_total", "counter", "Cumulative count of sector writes completed", fs => fs.Writes * 24),
        Family("container_fs_usage_bytes", "gauge", "Number of bytes that are consumed by the container on this filesystem.", fs => fs.UsedBytes),
        Family("container_fs_write_seconds_total", "counter", "Cumulative count of seconds spent writing", fs => fs.Writes * 5e-4),
        Family("container_fs_writes_merged_total", "counter", "Cumulative count of writes merged", fs => fs.Writes / 5),
        Family("container_fs_writes_total", "counter", "Cumulative count of writes completed", fs => fs.Writes),
    ];

    private static (string Name, byte[] Header, Func<FileSystem, double> Value) Family(
        string name, string type, string help, Func<FileSystem, double> value) =>
        (name, Encoding.UTF8.GetBytes($"# HELP {name} {help}\n# TYPE {name} {type}\n"), value);
}
