using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Observability.Access;

/// <summary>Reads the one bearer token of a request; anything doubtful is no token (RFC 6750 section 2.1).</summary>
public static class BearerToken
{
    /// <summary>Longest token that is looked at.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Scheme = "Bearer ";
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <param name="authorization">All values of the request's <c>Authorization</c> header or metadata, as they came.</param>
    /// <param name="token">The token.</param>
    /// <returns>False unless there is exactly one value, and it is <c>Bearer</c>, one space and a token of the allowed characters.</returns>
    public static bool TryRead(IReadOnlyList<string?>? authorization, [NotNullWhen(true)] out string? token)
    {
        token = null;
        if (authorization is not [{ } value] || value.Length > Scheme.Length + MaxLength ||
            !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        string text = value[Scheme.Length..];
        if (!IsToken(text))
            return false;
        token = text;
        return true;
    }

    internal static bool IsToken([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxLength } && text[0] != '=' && !text.AsSpan().ContainsAnyExcept(TokenCharacters);
}
