using System.IO.Compression;

namespace Observability.Collector.Tests.Support;

/// <summary>The recordings of a real cluster; tests over them are ignored where they are absent.</summary>
internal static class Captures
{
    internal static IEnumerable<string> Rounds()
    {
        string folder = Environment.GetEnvironmentVariable("CAPTURES_DIR") ?? Path.Combine(Root(), "../shared/captures");
        if (!System.IO.Directory.Exists(folder))
            Assert.Ignore($"No captures in {folder}: set CAPTURES_DIR.");
        return System.IO.Directory.EnumerateDirectories(folder, "0*").Where(round => File.Exists(Path.Combine(round, "metrics_cadvisor.txt.gz"))).Order();
    }

    internal static byte[] Read(string round, string file)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(round, file)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Observability.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? AppContext.BaseDirectory;
    }
}
