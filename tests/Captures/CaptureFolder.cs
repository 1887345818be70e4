using System.IO.Compression;

namespace Observability.Testing;

/// <summary>The recordings of a real cluster: in <c>CAPTURES_DIR</c>, else in <c>../shared/captures</c> beside the repository. Never part of it.</summary>
internal static class CaptureFolder
{
    /// <summary>The folder. Ignores the running test, with the reason, where it is absent.</summary>
    public static string Path
    {
        get
        {
            string folder = Environment.GetEnvironmentVariable("CAPTURES_DIR") is { Length: > 0 } named
                ? named : System.IO.Path.Combine(RepositoryRoot.Path, "..", "shared", "captures");
            if (!Directory.Exists(folder))
                Assert.Ignore($"The recordings of a real cluster are not at {folder}; CAPTURES_DIR names another place.");
            return folder;
        }
    }

    /// <summary>The folders of the scrape rounds, in order. A folder of recordings without any is an error, not an empty test.</summary>
    public static IReadOnlyList<string> Rounds
    {
        get
        {
            string[] rounds = [.. Directory.GetDirectories(Path)
                .Where(folder => System.IO.Path.GetFileName(folder).All(char.IsAsciiDigit)).Order(StringComparer.Ordinal)];
            Assert.That(rounds, Is.Not.Empty, $"{Path} holds no round.");
            return rounds;
        }
    }

    /// <summary>A recorded file, unpacked.</summary>
    /// <param name="path">Absolute, or below the folder: <c>010/pods.json.gz</c>.</param>
    public static byte[] Unzip(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(System.IO.Path.Combine(Path, path)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
