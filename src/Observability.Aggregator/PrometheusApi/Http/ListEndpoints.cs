using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.PrometheusApi.Json;
using Observability.Aggregator.PrometheusApi.Requests;
using Observability.Aggregator.PrometheusApi.Series;
using Observability.Aggregator.Surfaces;
using Observability.Model;
using Observability.Model.Families;
using Observability.PromQL;

namespace Observability.Aggregator.PrometheusApi.Http;

/// <summary>What there is to ask about: series, labels, values, metadata, cardinality.</summary>
internal static class ListEndpoints
{
    private const int DefaultCardinalities = 10;
    private const int MaxCardinalities = 10_000;

    private static readonly Parameters Filter = Parameters.Allow("start", "end", "limit").AndRepeated("match[]");

    public static void MapLists(this IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/series", "series", Filter.OrForm(), SeriesAsync);
        routes.MapApi("/api/v1/labels", "labels", Filter.OrForm(), call => StringsAsync(call, (lists, selectors) =>
            lists.Names(call.Scope, selectors, call.Parameters.Range(), call.Parameters.Count("limit"), call.Aborted)));
        routes.MapApi("/api/v1/label/{name}/values", "label_values", Filter, call => StringsAsync(call, (lists, selectors) =>
            lists.Values(call.Scope, LabelName(call), selectors, call.Parameters.Range(), call.Parameters.Count("limit"), call.Aborted)));
        routes.MapApi("/api/v1/metadata", "metadata", Parameters.Allow("metric", "limit", "limit_per_metric"), MetadataAsync);
        routes.MapApi("/api/v1/status/tsdb", "tsdb", Parameters.Allow("limit"), CardinalityAsync);
    }

    private static Task SeriesAsync(ApiCall call)
    {
        IReadOnlyList<IReadOnlyList<Matcher>> selectors = Selectors(call, required: true);
        Listed<LabelSet> series = Lists(call).Series(call.Scope, selectors, call.Parameters.Range(), call.Parameters.Count("limit"), call.Aborted);
        return call.SucceedAsync(async body =>
        {
            body.Text.Raw((byte)'[');
            for (int i = 0; i < series.Items.Count; i++)
            {
                if (i > 0)
                    body.Text.Raw((byte)',');
                body.Text.Labels(series.Items[i]);
                await body.SendPieceAsync();
            }
            body.Text.Raw((byte)']');
        }, series.Warnings);
    }

    private static Task StringsAsync(ApiCall call, Func<SeriesLists, IReadOnlyList<IReadOnlyList<Matcher>>, Listed<string>> read)
    {
        Listed<string> texts = read(Lists(call), Selectors(call, required: false));
        return call.SucceedAsync(text => text.Strings(texts.Items), texts.Warnings);
    }

    private static string LabelName(ApiCall call)
    {
        string name = EscapedName.Unescape(call.Context.Request.RouteValues["name"] as string ?? "");
        return name.Length > 0 ? name : throw new ApiException(ApiError.BadData, "invalid label name: \"\"", "name");
    }

    private static Task MetadataAsync(ApiCall call)
    {
        string? metric = call.Parameters["metric"] is { Length: > 0 } name ? name : null;
        call.Parameters.Count("limit_per_metric"); // each has one entry, so that any limit holds; a wrong one is told
        IReadOnlyList<MetricFamily> families = Lists(call).Families(call.Scope, metric, call.Parameters.Count("limit"), call.Aborted);
        return call.SucceedAsync(text =>
        {
            text.Raw((byte)'{');
            for (int i = 0; i < families.Count; i++)
            {
                if (i > 0)
                    text.Raw((byte)',');
                text.String(families[i].Name);
                text.Raw(":[{\"type\":"u8);
                text.String(families[i].TypeText);
                text.Raw(",\"unit\":"u8);
                text.String(families[i].Unit);
                text.Raw(",\"help\":"u8);
                text.String(families[i].Help);
                text.Raw("}]"u8);
            }
            text.Raw((byte)'}');
        });
    }

    private static Task CardinalityAsync(ApiCall call)
    {
        long limit = call.Parameters.Count("limit");
        if (limit > MaxCardinalities)
            throw ApiException.Invalid("limit", $"must not exceed {MaxCardinalities}");
        var store = call.Context.RequestServices.GetRequiredService<Storage.MetricStore>();
        Cardinality counted = Cardinality.Of(store, call.Scope, limit == 0 ? DefaultCardinalities : (int)limit, call.Aborted);
        return call.SucceedAsync(text =>
        {
            text.Raw("{\"headStats\":{\"numSeries\":"u8);
            text.Whole(counted.Series);
            text.Raw(",\"numLabelPairs\":"u8);
            text.Whole(counted.LabelPairs);
            text.Raw(",\"chunkCount\":"u8);
            text.Whole(counted.Chunks);
            text.Raw("},\"seriesCountByMetricName\":"u8);
            WriteCounts(text, counted.SeriesByMetric);
            text.Raw(",\"labelValueCountByLabelName\":"u8);
            WriteCounts(text, counted.ValuesByLabel);
            text.Raw(",\"memoryInBytesByLabelName\":"u8);
            WriteCounts(text, counted.BytesByLabel);
            text.Raw(",\"seriesCountByLabelValuePair\":"u8);
            WriteCounts(text, counted.SeriesByPair);
            text.Raw((byte)'}');
        });
    }

    private static void WriteCounts(TextBuffer text, IReadOnlyList<NamedCount> counts)
    {
        text.Raw((byte)'[');
        for (int i = 0; i < counts.Count; i++)
        {
            text.Raw(i == 0 ? "{\"name\":"u8 : ",{\"name\":"u8);
            text.String(counts[i].Name);
            text.Raw(",\"value\":"u8);
            text.Whole(counts[i].Count);
            text.Raw((byte)'}');
        }
        text.Raw((byte)']');
    }

    private static IReadOnlyList<IReadOnlyList<Matcher>> Selectors(ApiCall call, bool required) =>
        call.Parameters.Selectors(call.Context.RequestServices.GetRequiredService<ParserOptions>(), required);

    private static SeriesLists Lists(ApiCall call) => call.Context.RequestServices.GetRequiredService<SeriesLists>();
}
