using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.PrometheusApi.Evaluation;
using Observability.Aggregator.PrometheusApi.Json;
using Observability.Aggregator.PrometheusApi.Requests;
using Observability.Aggregator.Surfaces;
using Observability.PromQL;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.Aggregator.PrometheusApi.Http;

/// <summary>Queries at one time and over a range.</summary>
internal static class QueryEndpoints
{
    private const string TruncatedText = "results truncated due to limit";

    public static void MapQueries(this IEndpointRouteBuilder routes)
    {
        // step: vmalert sends it with instant queries, where it means nothing.
        routes.MapApi("/api/v1/query", "query",
            Parameters.Allow("query", "time", "step", "timeout", "limit", "stats", "lookback_delta").OrForm(), InstantAsync);
        routes.MapApi("/api/v1/query_range", "query_range",
            Parameters.Allow("query", "start", "end", "step", "timeout", "limit", "stats", "lookback_delta").OrForm(), RangeAsync);
    }

    private static async Task InstantAsync(ApiCall call)
    {
        long timeMs = call.Parameters.TimeMs("time") ?? call.NowMs;
        call.Parameters.DurationMs("step");
        await AnswerAsync(call, (queries, expression, options) => queries.InstantAsync(call.Scope, expression, timeMs, options, call.Aborted));
    }

    private static async Task RangeAsync(ApiCall call)
    {
        long startMs = call.Parameters.TimeMs("start") ?? throw ApiException.Invalid("start", "cannot parse \"\" to a valid timestamp");
        long endMs = call.Parameters.TimeMs("end") ?? throw ApiException.Invalid("end", "cannot parse \"\" to a valid timestamp");
        long stepMs = call.Parameters.DurationMs("step") ?? throw ApiException.Invalid("step", "cannot parse \"\" to a valid duration");
        await AnswerAsync(call, (queries, expression, options) => queries.RangeAsync(call.Scope, expression, startMs, endMs, stepMs, options, call.Aborted));
    }

    private static async Task AnswerAsync(ApiCall call, Func<ScopedQueries, Expression, QueryOptions, Task<QueryResult>> evaluate)
    {
        IServiceProvider services = call.Context.RequestServices;
        QueryOptions options = Options(call);
        int most = (int)Math.Min(call.Parameters.Count("limit") is > 0 and var limit ? limit : int.MaxValue, int.MaxValue);
        string? statistics = call.Parameters["stats"] is { Length: > 0 } asked ? asked : null;
        string text = call.Parameters["query"] ?? "";
        Expression expression = ApiParameters.Query(text, services.GetRequiredService<ParserOptions>());

        QueryResult result = await evaluate(services.GetRequiredService<ScopedQueries>(), expression, options);

        List<string> warnings = [.. result.Annotations.Render(AnnotationKind.Warning, text)];
        if (result.Series.Count > most)
            warnings.Add(TruncatedText);
        if (statistics is not (null or "all" or "true" or "1"))
            warnings.Add($"stats: {ApiParameters.Echo(statistics)} is neither true nor all, and is taken for true");
        await call.SucceedAsync(async body =>
        {
            body.Text.Raw((byte)'{');
            await ResultJson.WriteAsync(body, result, most);
            if (statistics is not null)
                WriteStatistics(body.Text, result.Statistics, ofMachine: call.Scope.IsOperator);
            body.Text.Raw((byte)'}');
        }, warnings, result.Annotations.Render(AnnotationKind.Info, text));
    }

    private static QueryOptions Options(ApiCall call)
    {
        long? timeoutMs = call.Parameters.DurationMs("timeout"), lookbackMs = call.Parameters.DurationMs("lookback_delta");
        if (timeoutMs <= 0)
            throw ApiException.Invalid("timeout", "must be positive");
        if (lookbackMs <= 0)
            throw ApiException.Invalid("lookback_delta", "must be positive");
        return new QueryOptions { Timeout = Span(timeoutMs), LookbackDelta = Span(lookbackMs) };
    }

    private static TimeSpan? Span(long? milliseconds) => milliseconds is { } some ? TimeSpan.FromMilliseconds(some) : null;

    /// <summary>
    /// What the query cost. Times, and how much was held at once by threads that ran side by side, are for operators: they tell what else the machine
    /// does, and that is other tenants' business.
    /// </summary>
    private static void WriteStatistics(TextBuffer text, QueryStatistics statistics, bool ofMachine)
    {
        text.Raw(",\"stats\":{"u8);
        if (ofMachine)
        {
            WriteTime("{\"evalTotalTime\":", statistics.Total, "\"timings\":");
            WriteTime(",\"resultSortTime\":", statistics.ResultSort);
            WriteTime(",\"queryPreparationTime\":", statistics.Preparation);
            WriteTime(",\"innerEvalTime\":", statistics.Evaluation);
            WriteTime(",\"execQueueTime\":", TimeSpan.Zero); // waited for before the request was begun
            WriteTime(",\"execTotalTime\":", statistics.Total);
            text.Raw("},"u8);
        }
        text.Raw("\"samples\":{\"totalQueryableSamples\":"u8);
        text.Whole(statistics.TotalQueryableSamples);
        if (ofMachine)
        {
            text.Raw(",\"peakSamples\":"u8);
            text.Whole(statistics.PeakSamples);
        }
        text.Raw(",\"samplesRead\":"u8);
        text.Whole(statistics.SamplesRead);
        text.Raw("}}"u8);

        void WriteTime(string name, TimeSpan time, string before = "") =>
            text.Raw(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{before}{name}{time.TotalSeconds:0.#########}")));
    }
}
