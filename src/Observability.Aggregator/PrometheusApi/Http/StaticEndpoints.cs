using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.PrometheusApi.Requests;
using Observability.Aggregator.Surfaces;
using Observability.PromQL;

namespace Observability.Aggregator.PrometheusApi.Http;

/// <summary>What is answered without reading anything stored: the language's own services, and what clients probe and this product has none of.</summary>
internal static class StaticEndpoints
{
    /// <summary>The Prometheus whose language and API are spoken here. Clients decide by it what they may ask for.</summary>
    private const string ApiVersion = "3.14.0";

    private static readonly string[] RuleTypes = ["alert", "record"];

    public static void MapStatic(this IEndpointRouteBuilder routes)
    {
        Parameters query = Parameters.Allow("query").OrForm();
        routes.MapApi("/api/v1/format_query", "format_query", query, call =>
        {
            string pretty = PrettyPrinter.Print(ApiParameters.Query(call.Parameters["query"], Parser(call)));
            return call.SucceedAsync(text => text.String(pretty));
        });
        routes.MapApi("/api/v1/parse_query", "parse_query", query, call =>
        {
            PromQL.Syntax.Expression expression = ApiParameters.Query(call.Parameters["query"], Parser(call));
            return call.SucceedAsync(text =>
            {
                using var json = new System.Text.Json.Utf8JsonWriter(text);
                SyntaxJson.Write(json, expression);
            });
        });
        routes.MapApi("/api/v1/query_exemplars", "query_exemplars", Parameters.Allow("query", "start", "end").OrForm(), ExemplarsAsync);
        routes.MapApi("/api/v1/rules", "rules",
            Parameters.Allow("type", "exclude_alerts", "group_limit", "group_next_token").AndRepeated("rule_name[]", "rule_group[]", "file[]", "match[]"), RulesAsync);
        routes.MapApi("/api/v1/alerts", "alerts", Parameters.None, call => call.SucceedAsync(text => text.Raw("{\"alerts\":[]}"u8)));
        routes.MapApi("/api/v1/status/buildinfo", "buildinfo", Parameters.None, call => call.SucceedAsync(text =>
        {
            text.Raw("{\"version\":"u8);
            text.String(ApiVersion);
            text.Raw(",\"revision\":"u8);
            text.String(ProductVersion.Text);
            text.Raw(",\"branch\":\"\",\"buildUser\":\"\",\"buildDate\":\"\",\"goVersion\":\"\"}"u8);
        }));
    }

    /// <summary>No exemplars are kept; a query that is none is still told so.</summary>
    private static Task ExemplarsAsync(ApiCall call)
    {
        ApiParameters.Query(call.Parameters["query"], Parser(call));
        Model.TimeRange range = call.Parameters.Range();
        if (range.IsEmpty)
            throw ApiException.Invalid("end", "end timestamp must not be before start time");
        return call.SucceedAsync(text => text.Raw("[]"u8));
    }

    private static Task RulesAsync(ApiCall call)
    {
        if (call.Parameters["type"] is { Length: > 0 } type && !RuleTypes.Contains(type))
            throw ApiException.Invalid("type", $"not supported value {ApiParameters.Echo(type)}");
        if (call.Parameters["exclude_alerts"] is { Length: > 0 } exclude && exclude is not ("true" or "false"))
            throw ApiException.Invalid("exclude_alerts", $"{ApiParameters.Echo(exclude)} is neither true nor false");
        call.Parameters.Count("group_limit");
        ApiParameters.Selectors(call.Parameters.All("match[]"), "match[]", Parser(call), required: false);
        return call.SucceedAsync(text => text.Raw("{\"groups\":[]}"u8));
    }

    private static ParserOptions Parser(ApiCall call) => call.Context.RequestServices.GetRequiredService<ParserOptions>();
}
