namespace Observability.Collector.Summary;

/// <summary>What the summary says of one pod. Used again for the next.</summary>
internal sealed class SummaryPod
{
    internal string Namespace { get; set; } = "";

    internal string Name { get; set; } = "";

    /// <summary>The kubelet's: a static pod's is the hash on its cgroup path.</summary>
    internal string Uid { get; set; } = "";

    internal long? StartMs { get; set; }

    internal FileSystemUse EphemeralStorage { get; set; }

    internal List<(string Container, FileSystemUse RootFs, FileSystemUse Logs)> Containers { get; } = [];

    internal List<(string Volume, string Claim, FileSystemUse Use)> Volumes { get; } = [];

    internal void Clear()
    {
        Namespace = Name = Uid = "";
        StartMs = null;
        EphemeralStorage = default;
        Containers.Clear();
        Volumes.Clear();
    }
}

/// <summary>Use of a file system; a number that is not given is absent, not zero.</summary>
internal record struct FileSystemUse(long? TimeMs, double? UsedBytes, double? CapacityBytes);
