using System.IO.Compression;

namespace Observability.Simulator.Tests;

/// <summary>Recordings of a real cluster, kept outside the repository: in CAPTURES_DIR, or in ../shared/captures beside it.</summary>
internal static class Captures
{
    public static string Read(string path)
    {
        string file = Path.Combine(Folder(), path);
        if (!File.Exists(file))
            Assert.Ignore($"The capture {path} is not there.");

        using GZipStream unpacked = new(File.OpenRead(file), CompressionMode.Decompress);
        using StreamReader reader = new(unpacked);
        return reader.ReadToEnd();
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("CAPTURES_DIR") is { Length: > 0 } named && Directory.Exists(named))
            return named;

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Observability.sln")))
            folder = folder.Parent;

        string captures = Path.Combine(folder?.FullName ?? ".", "..", "shared", "captures");
        if (!Directory.Exists(captures))
            Assert.Ignore("No captures: set CAPTURES_DIR to compare with what a real kubelet said.");
        return captures;
    }
}
