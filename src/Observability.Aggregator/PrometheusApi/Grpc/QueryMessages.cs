using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Observability.Aggregator.PrometheusApi.Requests;
using Observability.Model;
using Observability.PromQL;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.Protocol.V1;
using QueryOptions = Observability.PromQL.QueryOptions;

namespace Observability.Aggregator.PrometheusApi.Grpc;

/// <summary>Between the messages of <c>QueryService</c> and what the API works with.</summary>
internal static class QueryMessages
{
    private const string Domain = "observability.io";
    private const int PointsPerMessage = 4096;

    /// <summary>The status of an error, with its kind and, where one is to blame, the field.</summary>
    public static RpcException StatusOf(ApiException exception)
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)(exception.Error switch
            {
                ApiError.BadData => Code.InvalidArgument,
                ApiError.Execution => Code.FailedPrecondition,
                ApiError.Canceled => Code.Cancelled,
                ApiError.Timeout => Code.DeadlineExceeded,
                ApiError.NotFound => Code.NotFound,
                _ => Code.Internal,
            }),
            Message = exception.Message,
            Details = { Any.Pack(new ErrorInfo { Reason = exception.Error.Text(), Domain = Domain }) },
        };
        if (exception.Parameter.Length > 0)
        {
            status.Details.Add(Any.Pack(new BadRequest
            {
                FieldViolations = { new BadRequest.Types.FieldViolation { Field = exception.Parameter, Description = exception.Message } },
            }));
        }
        return status.ToRpcException();
    }

    public static QueryOptions Options(Observability.Protocol.V1.QueryOptions? options) => new()
    {
        Timeout = Span(options?.Timeout, "options.timeout"),
        LookbackDelta = Span(options?.LookbackDelta, "options.lookback_delta"),
    };

    /// <summary>Series that are sent.</summary>
    public static int Most(Observability.Protocol.V1.QueryOptions? options) => (int)Math.Min(Limit(options?.Limit ?? 0, "options.limit") is > 0 and var limit ? limit : int.MaxValue, int.MaxValue);

    public static long Limit(long limit, string field) => limit >= 0 ? limit : throw ApiException.Invalid(field, "must be non-negative");

    public static long Time(long timestampMs) => Math.Clamp(timestampMs, ApiTime.MinMs, ApiTime.MaxMs);

    public static (IReadOnlyList<IReadOnlyList<Matcher>> Selectors, TimeRange Range, long Limit) Filter(SeriesFilter? filter, ParserOptions parser, bool required)
    {
        filter ??= new SeriesFilter();
        return (ApiParameters.Selectors(filter.Match, "filter.match", parser, required),
            new TimeRange(Time(filter.HasStartMs ? filter.StartMs : ApiTime.MinMs), Time(filter.HasEndMs ? filter.EndMs : ApiTime.MaxMs)),
            Limit(filter.Limit, "filter.limit"));
    }

    public static QueryNotes Notes(QueryResult result, string query, int most, bool statistics, bool ofMachine)
    {
        var notes = new QueryNotes();
        notes.Warnings.AddRange(result.Annotations.Render(AnnotationKind.Warning, query));
        if (result.Series.Count > most)
            notes.Warnings.Add("results truncated due to limit");
        notes.Infos.AddRange(result.Annotations.Render(AnnotationKind.Info, query));
        if (statistics)
        {
            notes.TotalQueryableSamples = result.Statistics.TotalQueryableSamples;
            if (ofMachine)
                notes.PeakSamples = result.Statistics.PeakSamples;
        }
        return notes;
    }

    /// <summary>A series in messages of a bearable size; the labels stand in each.</summary>
    public static IEnumerable<QuerySeries> Series(ResultSeries series)
    {
        int from = 0;
        do
        {
            int count = Math.Min(PointsPerMessage, series.Values.Length - from);
            var message = new QuerySeries();
            AddLabels(series.Labels, message.Labels);
            foreach (long timestampMs in series.TimestampsMs.Span.Slice(from, count))
                message.TimestampsMs.Add(timestampMs);
            foreach (double value in series.Values.Span.Slice(from, count))
                message.Values.Add(value);
            from += count;
            if (from == series.Values.Length)
                message.Histograms.AddRange(series.Histograms.Select(Histogram));
            yield return message;
        }
        while (from < series.Values.Length);
    }

    public static void AddLabels(LabelSet labels, RepeatedField<QueryLabel> into)
    {
        foreach (Label label in labels)
            into.Add(new QueryLabel { Name = label.Name, Value = label.Value });
    }

    private static QueryHistogram Histogram(HistogramPoint point)
    {
        var message = new QueryHistogram { TimestampMs = point.TimestampMs, Count = point.Histogram.Count, Sum = point.Histogram.Sum };
        foreach (HistogramBucket bucket in point.Histogram.Buckets())
        {
            if (bucket.Count != 0)
            {
                message.Buckets.Add(new QueryBucket
                {
                    Lower = bucket.Lower, Upper = bucket.Upper, LowerInclusive = bucket.LowerInclusive, UpperInclusive = bucket.UpperInclusive, Count = bucket.Count,
                });
            }
        }
        return message;
    }

    private static TimeSpan? Span(Duration? duration, string field)
    {
        if (duration is null)
            return null;
        if (duration.Seconds is < 0 or > 315_576_000_000 || duration.Nanos is < 0 or > 999_999_999 || (duration.Seconds == 0 && duration.Nanos == 0))
            throw ApiException.Invalid(field, "must be positive");
        return duration.ToTimeSpan();
    }
}
