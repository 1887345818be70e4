using System.Globalization;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Evaluation;

/// <summary>Runs queries and writes results as text.</summary>
internal static class Queries
{
    public static EngineOptions Options(Action<EngineOptions>? change = null)
    {
        var options = new EngineOptions { DelayedNameRemoval = true, Parallelism = 1 };
        change?.Invoke(options);
        return options;
    }

    public static Expression Parse(string query) => PromQlParser.Parse(query, ParserOptions.Everything);

    public static QueryResult Instant(ISeriesSource source, string query, long timeMs, EngineOptions? options = null) =>
        new QueryEngine(options ?? Options(), TimeProvider.System).Instant(source, Parse(query), timeMs, QueryOptions.Default, CancellationToken.None);

    public static QueryResult Range(ISeriesSource source, string query, long startMs, long endMs, long stepMs, EngineOptions? options = null) =>
        new QueryEngine(options ?? Options(), TimeProvider.System).Range(source, Parse(query), startMs, endMs, stepMs, QueryOptions.Default, CancellationToken.None);

    /// <summary>One line a series: <c>up{job="a"} 1@0 2@60000</c>, bits of NaN left out.</summary>
    public static string[] Lines(QueryResult result) => [.. result.Series.Select(Line)];

    public static string Line(ResultSeries series) =>
        series.Labels + string.Concat(series.TimestampsMs.ToArray().Zip(series.Values.ToArray(),
            (time, value) => string.Create(CultureInfo.InvariantCulture, $" {value:R}@{time}")));

    /// <summary>The values of an instant vector with their labels: <c>up{job="a"} 1</c>.</summary>
    public static string[] Values(QueryResult result) =>
        [.. result.Series.Select(series => series.Labels + " " + series.Values.Span[0].ToString("R", CultureInfo.InvariantCulture))];
}
