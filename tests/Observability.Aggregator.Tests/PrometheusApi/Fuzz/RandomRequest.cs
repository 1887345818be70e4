using System.Text;
using Google.Protobuf;
using Observability.Protocol.Prometheus;
using Snappier;

namespace Observability.Aggregator.Tests.PrometheusApi.Fuzz;

/// <summary>A request to a random endpoint of the API in a random spelling, which can be made again and again.</summary>
internal sealed record RandomRequest(string Endpoint, HttpMethod Method, string Target, byte[]? Body, string? ContentType, string? AcceptEncoding)
{
    public static RandomRequest Make(Random random, long nowMs)
    {
        var query = new RandomQuery(random);
        (string endpoint, bool form, List<(string, string)> parameters) = random.Next(24) switch
        {
            < 7 => ("query", true, Query(random, query, nowMs, [("query", query.Any(random.Next(4))), ("time", query.Time(nowMs))])),
            < 12 => ("query_range", true, Query(random, query, nowMs,
                [("query", query.Vector(random.Next(4))), ("start", Seconds(nowMs - 600_000)), ("end", Seconds(nowMs)), ("step", random.Next(4) == 0 ? "15s" : "60")])),
            12 => ("series", true, Filter(random, query, nowMs, required: true)),
            13 => ("labels", true, Filter(random, query, nowMs, required: false)),
            14 or 15 => ($"label/{query.Label()}/values", false, Filter(random, query, nowMs, required: false)),
            16 => ("metadata", false, random.Next(2) == 0 ? [] : [("metric", Name(random)), ("limit_per_metric", "1")]),
            17 => ("query_exemplars", true, [("query", query.Vector(2)), ("start", Seconds(nowMs * 1000)), ("end", Seconds(nowMs * 1001))]),
            18 => ("status/tsdb", false, random.Next(2) == 0 ? [] : [("limit", random.Next(1, 30).ToString(System.Globalization.CultureInfo.InvariantCulture))]),
            19 => (random.Next(4) switch { 0 => "rules", 1 => "alerts", 2 => "status/buildinfo", _ => "targets" }, false, []),
            20 => (random.Next(2) == 0 ? "format_query" : "parse_query", true, [("query", query.Any(3))]),
            21 or 22 => ("federate", false, [("match[]", query.Selector()), ("match[]", query.Selector())]),
            _ => ("read", false, (List<(string, string)>)[]),
        };
        string prefix = random.Next(6) switch { 0 => "/tenants/acme", 1 => random.Next(8) == 0 ? "/tenants/globex" : "", _ => "" };
        string path = prefix + (endpoint == "federate" ? "/federate" : "/api/v1/" + endpoint);
        string? accept = random.Next(4) == 0 ? "gzip" : null;
        if (endpoint == "read")
            return new RandomRequest(endpoint, HttpMethod.Post, path, Read(random, nowMs), "application/x-protobuf", accept);

        string text = string.Join('&', parameters.Select(parameter => $"{Uri.EscapeDataString(parameter.Item1)}={Uri.EscapeDataString(parameter.Item2)}"));
        return form && random.Next(2) == 0
            ? new RandomRequest(endpoint, HttpMethod.Post, path, Encoding.ASCII.GetBytes(text), "application/x-www-form-urlencoded", accept)
            : new RandomRequest(endpoint, HttpMethod.Get, text.Length == 0 ? path : path + "?" + text, null, null, accept);
    }

    public HttpRequestMessage Message()
    {
        var message = new HttpRequestMessage(Method, new Uri(Target, UriKind.Relative));
        if (AcceptEncoding is not null)
            message.Headers.TryAddWithoutValidation("Accept-Encoding", AcceptEncoding);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = new(ContentType!); // stands wherever a body does
            if (Endpoint == "read")
                message.Content.Headers.ContentEncoding.Add("snappy");
        }
        return message;
    }

    private static List<(string, string)> Query(Random random, RandomQuery query, long nowMs, List<(string, string)> parameters)
    {
        if (random.Next(4) == 0)
            parameters.Add(("stats", random.Next(3) == 0 ? "x" : "all"));
        if (random.Next(6) == 0)
            parameters.Add(("lookback_delta", "30s"));
        if (random.Next(6) == 0)
            parameters.Add(("timeout", "30"));
        if (random.Next(6) == 0)
            parameters.Add(("limit", "2"));
        if (random.Next(40) == 0)
            parameters.Add(("time", query.Time(nowMs))); // twice, or unknown
        return parameters;
    }

    private static List<(string, string)> Filter(Random random, RandomQuery query, long nowMs, bool required)
    {
        List<(string, string)> parameters = [];
        for (int i = random.Next(3); i > 0 || (required && parameters.Count == 0); i--)
            parameters.Add(("match[]", query.Selector()));
        if (random.Next(3) == 0)
            parameters.Add(("start", query.Time(nowMs)));
        if (random.Next(3) == 0)
            parameters.Add(("end", query.Time(nowMs)));
        if (random.Next(3) == 0)
            parameters.Add(("limit", random.Next(-1, 6).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return parameters;
    }

    private static byte[] Read(Random random, long nowMs)
    {
        var request = new ReadRequest();
        for (int i = random.Next(1, 3); i > 0; i--)
        {
            var query = new ReadQuery { StartTimestampMs = random.Next(4) == 0 ? long.MinValue : nowMs - random.Next(1_200_000), EndTimestampMs = random.Next(4) == 0 ? long.MaxValue : nowMs };
            if (random.Next(3) > 0)
                query.Matchers.Add(new LabelMatcher { Name = "__name__", Value = Name(random) });
            if (random.Next(3) == 0)
                query.Matchers.Add(new LabelMatcher { Name = "tenant", Type = (LabelMatcher.Types.Type)random.Next(4), Value = random.Next(2) == 0 ? "globex" : ".*" });
            request.Queries.Add(query);
        }
        if (random.Next(2) == 0)
            request.AcceptedResponseTypes.Add(ReadResponseType.StreamedXorChunks);
        return Snappy.CompressToArray(request.ToByteArray());
    }

    private static string Name(Random random) => random.Next(5) switch { 0 => "secret_v", 1 => "memory_bytes", 2 => "up", 3 => "container_memory_rss", _ => "work_total" };

    private static string Seconds(long milliseconds) => (milliseconds / 1000).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
