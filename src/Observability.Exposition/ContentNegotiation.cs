using System.Diagnostics.CodeAnalysis;

namespace Observability.Exposition;

/// <summary>What to ask a target for, and what its answer is. The answer decides: a kubelet asked for OpenMetrics still sends text.</summary>
public static class ContentNegotiation
{
    /// <summary>The Accept header of Prometheus 3, without protobuf.</summary>
    public const string Accept =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6," +
        "application/openmetrics-text;version=0.0.1;q=0.5," +
        "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4," +
        "text/plain;version=0.0.4;q=0.3," +
        "*/*;q=0.2";

    /// <summary>Decides the format from a Content-Type header.</summary>
    /// <param name="contentType">The header's value as it came; may be null or blank.</param>
    /// <param name="fallback">The format to assume where the header is blank or names none that is read here.</param>
    /// <param name="format">The format.</param>
    /// <param name="error">For the operator: which value was refused.</param>
    public static bool TryGetFormat(
        string? contentType, ExpositionFormat? fallback, out ExpositionFormat format, [NotNullWhen(false)] out string? error)
    {
        ReadOnlySpan<char> rest = contentType;
        ReadOnlySpan<char> media = TakePart(ref rest);
        ReadOnlySpan<char> version = Version(rest);
        error = null;
        if (media.Equals("text/plain", StringComparison.OrdinalIgnoreCase) && version is "" or "0.0.4" or "1.0.0")
        {
            format = ExpositionFormat.Text;
            return true;
        }
        if (media.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) && version is "" or "0.0.1" or "1.0.0")
        {
            format = ExpositionFormat.OpenMetrics;
            return true;
        }
        format = fallback.GetValueOrDefault();
        if (fallback is not null) return true;
        error = string.IsNullOrWhiteSpace(contentType)
            ? "The answer has no Content-Type, and no fallback format is set."
            : $"The Content-Type \"{Shown(contentType)}\" is neither the Prometheus text format nor OpenMetrics.";
        return false;
    }

    private static ReadOnlySpan<char> Version(ReadOnlySpan<char> parameters)
    {
        while (!parameters.IsEmpty)
        {
            ReadOnlySpan<char> parameter = TakePart(ref parameters);
            int equal = parameter.IndexOf('=');
            if (equal > 0 && parameter[..equal].Trim().Equals("version", StringComparison.OrdinalIgnoreCase))
                return parameter[(equal + 1)..].Trim().Trim('"');
        }
        return "";
    }

    private static ReadOnlySpan<char> TakePart(scoped ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf(';');
        ReadOnlySpan<char> part = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return part.Trim();
    }

    // The target chose this text, and it ends in a log line.
    private static string Shown(string contentType) =>
        string.Concat(contentType.Take(128).Select(c => char.IsControl(c) ? '?' : c));
}
