using Grpc.Core;
using Observability.Aggregator.Access;
using Observability.Aggregator.PrometheusApi.Evaluation;
using Observability.Aggregator.PrometheusApi.Requests;
using Observability.Aggregator.PrometheusApi.Series;
using Observability.Aggregator.PrometheusApi.Telemetry;
using Observability.Model;
using Observability.PromQL;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;
using Observability.Protocol.V1;

namespace Observability.Aggregator.PrometheusApi.Grpc;

/// <summary>PromQL over gRPC, with the decisions and limits of HTTP.</summary>
internal sealed class QueryGrpcService(
    ScopedQueries queries, SeriesLists lists, ParserOptions parser, PrometheusCalls calls, QuerySettings settings, TimeProvider time) : QueryService.QueryServiceBase
{
    private const int SetsPerMessage = 200;

    public override Task<InstantResponse> Instant(InstantRequest request, ServerCallContext context) =>
        AnswerAsync("query", request.Tenant, context, async scope =>
        {
            int most = QueryMessages.Most(request.Options);
            long timeMs = request.HasTimeMs ? QueryMessages.Time(request.TimeMs) : time.GetUtcNow().ToUnixTimeMilliseconds();
            Expression query = ApiParameters.Query(request.Query, parser);
            QueryResult result = await queries.InstantAsync(scope, query, timeMs, QueryMessages.Options(request.Options), context.CancellationToken);

            var response = new InstantResponse { Notes = QueryMessages.Notes(result, request.Query, most, request.Options?.Statistics == true, scope.IsOperator) };
            switch (result.Type)
            {
                case ExpressionType.Scalar:
                    response.Scalar = new QueryScalar { TimestampMs = result.Scalar.TimestampMs, Value = result.Scalar.Value };
                    break;
                case ExpressionType.String:
                    response.Text = result.Text;
                    break;
                case ExpressionType.Vector:
                    response.Vector = new QueryVector();
                    response.Vector.Series.AddRange(result.Series.Take(most).SelectMany(QueryMessages.Series));
                    break;
                default:
                    response.Matrix = new QueryMatrix();
                    response.Matrix.Series.AddRange(result.Series.Take(most).SelectMany(QueryMessages.Series));
                    break;
            }
            return response;
        });

    public override Task Range(RangeRequest request, IServerStreamWriter<RangeResponse> responseStream, ServerCallContext context) =>
        AnswerAsync("query_range", request.Tenant, context, async scope =>
        {
            int most = QueryMessages.Most(request.Options);
            Expression query = ApiParameters.Query(request.Query, parser);
            QueryResult result = await queries.RangeAsync(scope, query, QueryMessages.Time(request.StartMs), QueryMessages.Time(request.EndMs), request.StepMs,
                QueryMessages.Options(request.Options), context.CancellationToken);
            foreach (QuerySeries series in result.Series.Take(most).SelectMany(QueryMessages.Series))
                await SendAsync(responseStream, new RangeResponse { Series = series }, context);
            await SendAsync(responseStream, new RangeResponse { End = QueryMessages.Notes(result, request.Query, most, request.Options?.Statistics == true, scope.IsOperator) }, context);
            return true;
        });

    public override Task Series(SeriesRequest request, IServerStreamWriter<SeriesResponse> responseStream, ServerCallContext context) =>
        AnswerAsync("series", request.Tenant, context, async scope =>
        {
            (IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimeRange range, long limit) = QueryMessages.Filter(request.Filter, parser, required: true);
            Listed<LabelSet> found = lists.Series(scope, selectors, range, limit, context.CancellationToken);
            foreach (LabelSet[] page in found.Items.Chunk(SetsPerMessage))
            {
                var message = new SeriesResponse();
                foreach (LabelSet labels in page)
                {
                    var set = new QueryLabels();
                    QueryMessages.AddLabels(labels, set.Labels);
                    message.Series.Add(set);
                }
                await SendAsync(responseStream, message, context);
            }
            if (found.IsTruncated)
                await SendAsync(responseStream, new SeriesResponse { Warnings = { found.Warnings } }, context);
            return true;
        });

    public override Task<LabelsResponse> Labels(LabelsRequest request, ServerCallContext context) =>
        AnswerAsync("labels", request.Tenant, context, scope =>
        {
            (IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimeRange range, long limit) = QueryMessages.Filter(request.Filter, parser, required: false);
            Listed<string> names = lists.Names(scope, selectors, range, limit, context.CancellationToken);
            return Task.FromResult(new LabelsResponse { Names = { names.Items }, Warnings = { names.Warnings } });
        });

    public override Task<LabelValuesResponse> LabelValues(LabelValuesRequest request, ServerCallContext context) =>
        AnswerAsync("label_values", request.Tenant, context, scope =>
        {
            if (request.Label.Length == 0)
                throw ApiException.Invalid("label", "must be given");
            (IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimeRange range, long limit) = QueryMessages.Filter(request.Filter, parser, required: false);
            Listed<string> values = lists.Values(scope, request.Label, selectors, range, limit, context.CancellationToken);
            return Task.FromResult(new LabelValuesResponse { Values = { values.Items }, Warnings = { values.Warnings } });
        });

    /// <summary>Sends one message; a caller that does not take it in time is left.</summary>
    private async Task SendAsync<T>(IServerStreamWriter<T> stream, T message, ServerCallContext context)
    {
        using var tooSlow = new CancellationTokenSource(settings.SendTimeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, context.CancellationToken);
        try
        {
            await stream.WriteAsync(message, ended.Token);
        }
        catch (Exception exception) when (tooSlow.IsCancellationRequested && exception is OperationCanceledException or RpcException or IOException)
        {
            // Looked at below.
        }
        if (!tooSlow.IsCancellationRequested)
            return;
        context.GetHttpContext().Abort();
        throw new SlowReaderException();
    }

    private async Task<TResponse> AnswerAsync<TResponse>(string kind, string tenant, ServerCallContext context, Func<TenantScope, Task<TResponse>> answer)
    {
        TenantScope scope = await context.ScopeAsync(tenant, "", live: false);
        using IDisposable share = await context.ShareAsync(scope);
        using PrometheusCall call = calls.Begin("grpc", kind);
        try
        {
            TResponse response = await answer(scope);
            call.Outcome = "ok";
            return response;
        }
        catch (ApiException exception)
        {
            call.Outcome = exception.Error.Text();
            throw QueryMessages.StatusOf(exception);
        }
        catch (SlowReaderException)
        {
            call.Outcome = PrometheusCall.SlowReader;
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "the answer was not taken in time"));
        }
        catch (OperationCanceledException)
        {
            call.Outcome = ApiError.Canceled.Text();
            throw;
        }
    }
}
