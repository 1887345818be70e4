using Observability.Aggregator.PrometheusApi.Http;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.Aggregator.PrometheusApi.Json;

/// <summary>The result of a query as the API writes it, sent in pieces.</summary>
internal static class ResultJson
{
    private const int PointsPerPiece = 512;

    /// <summary><c>"resultType":"matrix","result":[…]</c></summary>
    /// <param name="most">Series that are written; those behind are left out.</param>
    public static async ValueTask WriteAsync(AnswerBody body, QueryResult result, int most)
    {
        TextBuffer text = body.Text;
        text.Raw("\"resultType\":\""u8);
        text.Raw(System.Text.Encoding.ASCII.GetBytes(result.Type.Name()));
        text.Raw("\",\"result\":"u8);
        switch (result.Type)
        {
            case ExpressionType.Scalar:
                text.Raw((byte)'[');
                text.Seconds(result.Scalar.TimestampMs);
                text.Raw((byte)',');
                text.Value(result.Scalar.Value);
                text.Raw((byte)']');
                break;
            case ExpressionType.String:
                text.Raw((byte)'[');
                text.Seconds(result.TimestampMs);
                text.Raw((byte)',');
                text.String(result.Text);
                text.Raw((byte)']');
                break;
            default:
                text.Raw((byte)'[');
                for (int i = 0; i < Math.Min(most, result.Series.Count); i++)
                {
                    if (i > 0)
                        text.Raw((byte)',');
                    if (result.Type == ExpressionType.Vector)
                        WriteInstant(text, result.Series[i]);
                    else
                        await WriteRangeAsync(body, result.Series[i]);
                    await body.SendPieceAsync();
                }
                text.Raw((byte)']');
                break;
        }
    }

    private static void WriteInstant(TextBuffer text, ResultSeries series)
    {
        text.Raw("{\"metric\":"u8);
        text.Labels(series.Labels);
        if (series.Histograms.Count > 0)
        {
            text.Raw(",\"histogram\":"u8);
            WritePoint(text, series.Histograms[0]);
        }
        else
        {
            text.Raw(",\"value\":["u8);
            text.Seconds(series.TimestampsMs.Span[0]);
            text.Raw((byte)',');
            text.Value(series.Values.Span[0]);
            text.Raw((byte)']');
        }
        text.Raw((byte)'}');
    }

    private static async ValueTask WriteRangeAsync(AnswerBody body, ResultSeries series)
    {
        TextBuffer text = body.Text;
        text.Raw("{\"metric\":"u8);
        text.Labels(series.Labels);
        if (series.Values.Length > 0)
        {
            text.Raw(",\"values\":["u8);
            for (int from = 0; from < series.Values.Length; from += PointsPerPiece)
            {
                WritePoints(text, series, from, Math.Min(from + PointsPerPiece, series.Values.Length));
                await body.SendPieceAsync();
            }
            text.Raw((byte)']');
        }
        if (series.Histograms.Count > 0)
        {
            text.Raw(",\"histograms\":["u8);
            for (int i = 0; i < series.Histograms.Count; i++)
            {
                if (i > 0)
                    text.Raw((byte)',');
                WritePoint(text, series.Histograms[i]);
                await body.SendPieceAsync();
            }
            text.Raw((byte)']');
        }
        text.Raw((byte)'}');
    }

    private static void WritePoints(TextBuffer text, ResultSeries series, int from, int to)
    {
        ReadOnlySpan<long> times = series.TimestampsMs.Span;
        ReadOnlySpan<double> values = series.Values.Span;
        for (int i = from; i < to; i++)
        {
            text.Raw(i == 0 ? "["u8 : ",["u8);
            text.Seconds(times[i]);
            text.Raw((byte)',');
            text.Value(values[i]);
            text.Raw((byte)']');
        }
    }

    /// <summary><c>[1609746000,{"count":"3","sum":"5.5","buckets":[[0,"1","2","3"]]}]</c>; empty buckets are left out.</summary>
    private static void WritePoint(TextBuffer text, HistogramPoint point)
    {
        text.Raw((byte)'[');
        text.Seconds(point.TimestampMs);
        text.Raw(",{\"count\":"u8);
        text.Value(point.Histogram.Count);
        text.Raw(",\"sum\":"u8);
        text.Value(point.Histogram.Sum);
        bool any = false;
        foreach (HistogramBucket bucket in point.Histogram.Buckets())
        {
            if (bucket.Count == 0)
                continue;
            text.Raw(any ? ",["u8 : ",\"buckets\":[["u8);
            any = true;
            text.Whole(BoundsCode(bucket));
            text.Raw((byte)',');
            text.Value(bucket.Lower);
            text.Raw((byte)',');
            text.Value(bucket.Upper);
            text.Raw((byte)',');
            text.Value(bucket.Count);
            text.Raw((byte)']');
        }
        if (any)
            text.Raw((byte)']');
        text.Raw("}]"u8);
    }

    /// <summary>0: open below, closed above. 1: the other way round. 2: open. 3: closed.</summary>
    private static int BoundsCode(HistogramBucket bucket) => (bucket.LowerInclusive, bucket.UpperInclusive) switch
    {
        (false, true) => 0,
        (true, false) => 1,
        (false, false) => 2,
        _ => 3,
    };
}
