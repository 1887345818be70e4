using System.Net.Http.Headers;
using k8s.Authentication;

namespace Observability.Kubernetes.Connection;

/// <summary>
/// A bearer token that somebody else rotates in a file: read again at most every 10 s, so that a projected token's new value is used long
/// before the old one ends. While the file cannot be read the last token stands; the API server is the one to refuse it.
/// </summary>
internal sealed class TokenFile(string path, TimeProvider time) : ITokenProvider
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(10);
    private Reading? _last;

    /// <exception cref="IOException">The file has never been read, and cannot be.</exception>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        Reading? last = Volatile.Read(ref _last);
        if (last is not null && time.GetElapsedTime(last.At) < ReadAgainAfter)
            return last.Header;
        try
        {
            string token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            if (token.Length == 0)
                throw new IOException($"{path} is empty.");
            last = new Reading(new AuthenticationHeaderValue("Bearer", token), time.GetTimestamp());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && last is not null)
        {
            last = last with { At = time.GetTimestamp() };
        }
        Volatile.Write(ref _last, last);
        return last.Header;
    }

    private sealed record Reading(AuthenticationHeaderValue Header, long At);
}
