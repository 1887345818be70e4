using System.IO.Compression;

namespace Observability.Exposition.Tests;

/// <summary>The recordings of a real kubelet, which live outside the repository.</summary>
internal static class Captures
{
    /// <summary>The pages of one endpoint, in the order in which they were scraped; ignores the test where there are none.</summary>
    internal static IEnumerable<(string Name, byte[] Page)> Pages(string endpoint)
    {
        string[] files = [.. Directory.GetFiles(Root(), $"{endpoint}.txt.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (files.Length == 0) Assert.Ignore($"No recording of {endpoint} in {Root()}.");
        return files.Select(file => (file, Unpack(file)));
    }

    private static byte[] Unpack(string file)
    {
        using var body = new MemoryStream();
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        gzip.CopyTo(body);
        return body.ToArray();
    }

    private static string Root()
    {
        string? root = Environment.GetEnvironmentVariable("CAPTURES_DIR");
        if (root is null)
        {
            DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Observability.sln"))) folder = folder.Parent;
            root = Path.Combine(folder?.FullName ?? "", "..", "shared", "captures");
        }
        if (!Directory.Exists(root)) Assert.Ignore($"The recordings of a real cluster are not at {root} (set CAPTURES_DIR).");
        return root;
    }
}
