using System.IO.Compression;

namespace Observability.EndToEnd.Tests.Captures;

/// <summary>Where the recordings of a real cluster are: <c>CAPTURES_DIR</c>, else <c>../shared/captures</c> beside the repository.</summary>
internal static class CaptureFolder
{
    /// <summary>The folder. Ignores the running test, with the reason, where it is absent.</summary>
    public static string Path
    {
        get
        {
            string folder = Environment.GetEnvironmentVariable("CAPTURES_DIR") ??
                System.IO.Path.Combine(RepositoryRoot.Path, "..", "shared", "captures");
            if (!Directory.Exists(folder))
                Assert.Ignore($"The recordings of a real cluster are not at {folder}; CAPTURES_DIR names another place.");
            return folder;
        }
    }

    public static byte[] Unzip(string file)
    {
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
