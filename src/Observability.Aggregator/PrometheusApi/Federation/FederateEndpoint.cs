using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.PrometheusApi.Http;
using Observability.Aggregator.PrometheusApi.Requests;
using Observability.Aggregator.Surfaces;
using Observability.Model;
using Observability.Model.Families;
using Observability.PromQL;
using Observability.Storage;

namespace Observability.Aggregator.PrometheusApi.Federation;

/// <summary>
/// <c>/federate</c>: the newest sample of each selected series as exposition text 0.0.4, for another Prometheus to scrape. Each sample has the
/// time at which it was taken, never that of the scrape.
/// </summary>
internal static class FederateEndpoint
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void MapFederation(this IEndpointRouteBuilder routes) =>
        routes.MapApi("/federate", "federate", Parameters.None.AndRepeated("match[]"), FederateAsync);

    private static async Task FederateAsync(ApiCall call)
    {
        IServiceProvider services = call.Context.RequestServices;
        var settings = services.GetRequiredService<QuerySettings>();
        IReadOnlyList<IReadOnlyList<Matcher>> selectors =
            call.Parameters.Selectors(services.GetRequiredService<ParserOptions>(), required: true);
        List<SelectedSeries> series = Select(services.GetRequiredService<MetricStore>(), call, selectors, settings);

        await using AnswerBody body = call.Body(ContentType);
        var samples = new SampleColumns();
        string? metric = null;
        foreach (SelectedSeries one in series)
        {
            string name = one.Labels.MetricName;
            if (name.Length == 0)
                continue; // exposition text has no line for it
            samples.Clear();
            one.Read(samples);
            if (samples.Count == 0 || StaleMarker.Is(samples.Values[^1]))
                continue;
            if (name != metric)
                ExpositionText.WriteType(body.Text, name, KnownFamilies.TryFind(name, out MetricFamily? family) ? family.TypeText : "untyped");
            metric = name;
            ExpositionText.WriteSample(body.Text, one.Labels, new Sample(samples.TimestampsMs[^1], samples.Values[^1]));
            await body.SendPieceAsync();
        }
        await body.CompleteAsync();
    }

    private static List<SelectedSeries> Select(MetricStore store, ApiCall call, IReadOnlyList<IReadOnlyList<Matcher>> selectors, QuerySettings settings)
    {
        long nowMs = call.NowMs;
        var range = new TimeRange(nowMs - (long)settings.Lookback.TotalMilliseconds + 1, nowMs); // left-open, as a query's lookback
        var series = new List<SelectedSeries>();
        foreach (IReadOnlyList<Matcher> matchers in selectors)
            series.AddRange(store.Select(call.Scope, matchers, range, call.Aborted));
        series.Sort(static (a, b) => CompareByName(a.Labels, b.Labels));
        int kept = 0;
        for (int i = 0; i < series.Count; i++)
        {
            if (kept == 0 || !series[i].Labels.Equals(series[kept - 1].Labels))
                series[kept++] = series[i];
        }
        series.RemoveRange(kept, series.Count - kept);
        return kept <= settings.MaxFederated
            ? series
            : throw new ApiException(ApiError.Execution, $"match[] selects more than {settings.MaxFederated} series", "match[]");
    }

    private static int CompareByName(LabelSet a, LabelSet b)
    {
        int order = string.CompareOrdinal(a.MetricName, b.MetricName);
        return order != 0 ? order : a.CompareTo(b);
    }
}
