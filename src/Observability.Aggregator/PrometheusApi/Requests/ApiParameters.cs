using System.Globalization;
using Observability.Aggregator.Surfaces;
using Observability.Model;
using Observability.PromQL;
using Observability.PromQL.Syntax;

namespace Observability.Aggregator.PrometheusApi.Requests;

/// <summary>Parameters that more than one endpoint takes. As in Prometheus, one that stands empty counts as absent.</summary>
internal static class ApiParameters
{
    private const int MaxSelectors = 32;
    private const int LongestEchoed = 128; // an answer need not carry back all that was sent

    /// <summary>A time in milliseconds; null where it is absent.</summary>
    /// <exception cref="ApiException">It is no time.</exception>
    public static long? TimeMs(this RequestParameters parameters, string name) =>
        parameters[name] is not { Length: > 0 } text ? null
        : ApiTime.TryParse(text, out long timestampMs) ? timestampMs
        : throw ApiException.Invalid(name, $"cannot parse {Echo(text)} to a valid timestamp");

    /// <summary>A duration in milliseconds; null where it is absent.</summary>
    /// <exception cref="ApiException">It is no duration.</exception>
    public static long? DurationMs(this RequestParameters parameters, string name) =>
        parameters[name] is not { Length: > 0 } text ? null
        : ApiTime.TryParseDuration(text, out long milliseconds) ? milliseconds
        : throw ApiException.Invalid(name, $"cannot parse {Echo(text)} to a valid duration");

    /// <summary>A count; 0 where it is absent.</summary>
    /// <exception cref="ApiException">It is no count.</exception>
    public static long Count(this RequestParameters parameters, string name)
    {
        if (parameters[name] is not { Length: > 0 } text)
            return 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long count))
            throw ApiException.Invalid(name, $"{Echo(text)} is not a whole number");
        return count >= 0 ? count : throw ApiException.Invalid(name, "must be non-negative");
    }

    /// <summary>The range of <c>start</c> and <c>end</c>; ends that are absent lie beyond all samples.</summary>
    public static TimeRange Range(this RequestParameters parameters) =>
        new(parameters.TimeMs("start") ?? ApiTime.MinMs, parameters.TimeMs("end") ?? ApiTime.MaxMs);

    /// <summary>What <c>match[]</c> selects: the series that any of these opens. Empty where none stands.</summary>
    /// <exception cref="ApiException">One is no selector, or selects everything.</exception>
    public static IReadOnlyList<IReadOnlyList<Matcher>> Selectors(this RequestParameters parameters, ParserOptions options, bool required) =>
        Selectors(parameters.All("match[]"), "match[]", options, required);

    /// <inheritdoc cref="Selectors(RequestParameters, ParserOptions, bool)"/>
    public static IReadOnlyList<IReadOnlyList<Matcher>> Selectors(IReadOnlyList<string> texts, string name, ParserOptions options, bool required)
    {
        if (required && texts.Count == 0)
            throw new ApiException(ApiError.BadData, $"no {name} parameter provided", name);
        if (texts.Count > MaxSelectors)
            throw ApiException.Invalid(name, $"more than {MaxSelectors} selectors");
        var selectors = new List<IReadOnlyList<Matcher>>(texts.Count);
        foreach (string text in texts)
        {
            IReadOnlyList<Matcher> matchers = Reading(name, () => PromQlParser.ParseSelector(text, options));
            if (matchers.All(matcher => matcher.Matches("")))
                throw ApiException.Invalid(name, "match[] must contain at least one non-empty matcher");
            selectors.Add(matchers);
        }
        return selectors;
    }

    /// <summary>The expression of <c>query</c>.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public static Expression Query(string? text, ParserOptions options) => Reading("query", () => PromQlParser.Parse(text ?? "", options));

    /// <summary>A text that was sent, quoted and cut to a bearable length.</summary>
    public static string Echo(string text) => $"\"{(text.Length <= LongestEchoed ? text : text[..LongestEchoed] + "…")}\"";

    private static T Reading<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (PromQlException exception)
        {
            throw ApiException.Invalid(name, exception.Message);
        }
    }
}
