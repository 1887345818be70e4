using System.Text;

namespace Observability.Collector.Kubelet;

/// <summary>A bearer token in a file. Projected tokens rotate by a symlink that is swapped, so the file is read for each use.</summary>
internal static class TokenFile
{
    private const int MaxBytes = 64 << 10;

    /// <returns>The token, or null where there is no file, or nothing usable in it.</returns>
    internal static string? Read(string? path)
    {
        if (path is null)
            return null;
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[Math.Min(stream.Length, MaxBytes)];
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string token = Encoding.UTF8.GetString(bytes, 0, read).Trim();
            // What cannot stand in a header is no token.
            return token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~') ? token : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
