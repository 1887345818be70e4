using System.Globalization;
using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.PrometheusApi.Requests;

/// <summary>
/// Times and durations as the API takes them. Times are 64-bit milliseconds that saturate at ±73 million years, so that any offset that a
/// query may add stays in range; no calendar type could hold what clients send (Grafana asks with milliseconds where seconds are meant).
/// </summary>
internal static class ApiTime
{
    public const long MinMs = long.MinValue / 4;
    public const long MaxMs = long.MaxValue / 4;

    // How Prometheus writes the least and the greatest time that it knows.
    private const string LeastText = "-292273086-05-16T16:47:06Z";
    private const string GreatestText = "292277025-08-18T07:12:54.999999999Z";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>Reads Unix seconds with fractions, or RFC 3339.</summary>
    public static bool TryParse(string text, out long timestampMs)
    {
        timestampMs = 0;
        if (TryParseNumber(text, out double seconds))
        {
            timestampMs = FromSeconds(seconds);
            return true;
        }
        if (text is LeastText or GreatestText)
        {
            timestampMs = text == LeastText ? MinMs : MaxMs;
            return true;
        }
        if (!DateTimeOffset.TryParseExact(TimeText.WithoutNanoseconds(text), Formats, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
            return false;
        timestampMs = time.ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>Reads seconds with fractions, or a duration such as <c>1m30s</c>.</summary>
    public static bool TryParseDuration(string text, out long milliseconds)
    {
        milliseconds = 0;
        if (!TryParseNumber(text, out double seconds) && !PromQL.Lexing.QueryDurations.TryParse(text, out seconds, out _))
            return false;
        if (Math.Abs(seconds) > long.MaxValue / 1e9) // Prometheus counts nanoseconds in 64 bits
            return false;
        milliseconds = FromSeconds(seconds);
        return true;
    }

    private static bool TryParseNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out value) && !double.IsNaN(value) && (char.IsAsciiDigit(text[^1]) || text[^1] == '.');

    private static long FromSeconds(double seconds)
    {
        double milliseconds = Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
        return milliseconds <= MinMs ? MinMs : milliseconds >= MaxMs ? MaxMs : (long)milliseconds;
    }
}
