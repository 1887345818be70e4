using System.Buffers.Text;
using System.Text.Json;

namespace Observability.Access;

/// <summary>
/// Reads when a token that the API server has accepted runs out (RFC 7519 section 4.1.4): a review says only that it holds now.
/// Nothing is verified here, so it may only ever shorten what a review allowed.
/// </summary>
internal static class TokenExpiry
{
    /// <returns>Null where the token is no JWT or names no end.</returns>
    public static DateTimeOffset? Read(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3)
            return null;
        try
        {
            using JsonDocument payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            if (payload.RootElement.ValueKind != JsonValueKind.Object || !payload.RootElement.TryGetProperty("exp", out JsonElement exp) ||
                exp.ValueKind != JsonValueKind.Number || !exp.TryGetDouble(out double seconds))
                return null;
            return DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(seconds, 0, 253402300799));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
