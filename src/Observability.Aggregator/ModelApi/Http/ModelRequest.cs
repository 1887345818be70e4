using System.Globalization;
using Microsoft.AspNetCore.Http;
using Observability.Aggregator.Surfaces;
using Observability.Model;

namespace Observability.Aggregator.ModelApi.Http;

/// <summary>The query parameters of a metric: <c>start</c>, <c>end</c>, <c>labels</c>.</summary>
/// <param name="Range">Both ends inclusive; may be empty when all of it lies ahead.</param>
/// <param name="Labels">The whole label set asked for; null where the parameter is absent.</param>
internal sealed record ModelRequest(TimeRange Range, IReadOnlyDictionary<string, string>? Labels)
{
    private const int MaxLabels = 8;

    // RFC 3339 demands an offset; "K" would do without.
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <exception cref="ModelRequestException">Names the parameter that is wrong.</exception>
    internal static ModelRequest Parse(IQueryCollection query, long nowMs, ModelOptions options)
    {
        long? start = Time(query, "start", roundUp: true);
        long? end = Time(query, "end", roundUp: false);
        return new ModelRequest(RangeOf(start, end, nowMs, options), query.ContainsKey("labels") ? ParseLabels(query["labels"].ToString()) : null);
    }

    /// <summary>The range that two optional ends mean: end defaults to now, start to the oldest that may be asked for.</summary>
    /// <exception cref="ModelRequestException">The start lies behind the end, or too far before it.</exception>
    internal static TimeRange RangeOf(long? startMs, long? endMs, long nowMs, ModelOptions options)
    {
        long longestMs = (long)options.MaxRange.TotalMilliseconds;
        long endOrNowMs = Math.Min(endMs ?? nowMs, nowMs); // nothing is known of what is to come
        if (startMs > (endMs ?? long.MaxValue))
            throw new ModelRequestException("start", "must not be later than end");
        if (startMs is { } from && endOrNowMs - from > longestMs)
            throw new ModelRequestException("start", string.Create(CultureInfo.InvariantCulture, $"must be within {options.MaxRange:c} of end"), isLimit: true);
        return new TimeRange(Math.Max(0, startMs ?? endOrNowMs - longestMs), endOrNowMs);
    }

    /// <summary>Reads <c>key:value,key2:value2</c>. A value may hold colons: only the first one splits.</summary>
    /// <exception cref="ModelRequestException">It is no such list.</exception>
    internal static Dictionary<string, string> ParseLabels(string text)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in text.Split(','))
        {
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || colon == pair.Length - 1)
                throw new ModelRequestException("labels", "must be key:value pairs separated by commas");
            if (!labels.TryAdd(pair[..colon], pair[(colon + 1)..]))
                throw new ModelRequestException("labels", "names a key twice");
            if (labels.Count > MaxLabels)
                throw new ModelRequestException("labels", $"holds more than {MaxLabels} labels");
        }
        return labels;
    }

    private static long? Time(IQueryCollection query, string parameter, bool roundUp)
    {
        if (!query.ContainsKey(parameter))
            return null;
        string text = query[parameter].ToString();
        if (!DateTimeOffset.TryParseExact(TimeText.WithoutNanoseconds(text), Formats, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
            throw new ModelRequestException(parameter, "must be an RFC 3339 time such as 2026-01-31T12:00:00Z (write + as %2B)");
        long milliseconds = time.ToUnixTimeMilliseconds();
        // Samples stand on whole milliseconds: a start within one must not let the sample before it in.
        return roundUp && time.Ticks % TimeSpan.TicksPerMillisecond != 0 ? milliseconds + 1 : milliseconds;
    }
}
