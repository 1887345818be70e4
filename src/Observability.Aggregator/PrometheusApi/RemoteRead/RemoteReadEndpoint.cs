using Google.Protobuf;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.PrometheusApi.Http;
using Observability.Aggregator.Surfaces;
using Observability.Model;
using Observability.Protocol.Prometheus;
using Observability.Storage;
using Observability.Storage.Chunks;
using Snappier;

namespace Observability.Aggregator.PrometheusApi.RemoteRead;

/// <summary>
/// <c>POST /api/v1/read</c>: raw samples, stale markers included, for another engine to evaluate. Samples come as one snappy block, which has to be
/// made whole and is bounded; XOR chunks are streamed series by series.
/// </summary>
internal static class RemoteReadEndpoint
{
    private const int MaxBlockBytes = 32 * 1024 * 1024; // what readers take
    private const int ChunksPerFrame = 200;             // frames stay well below the megabyte that readers expect

    public static void MapRemoteRead(this IEndpointRouteBuilder routes) =>
        routes.MapApi("/api/v1/read", "read", Parameters.None.WithOwnBody(), ReadAsync);

    private static async Task ReadAsync(ApiCall call)
    {
        ReadRequest request = await ReadBody.ReadAsync(call.Context);
        var selected = new List<List<SelectedSeries>>(request.Queries.Count);
        foreach (ReadQuery query in request.Queries)
            selected.Add(Select(call, query));
        // In order of preference; what is asked for and not known is passed over.
        ReadResponseType? type = request.AcceptedResponseTypes.Count == 0 ? ReadResponseType.Samples
            : request.AcceptedResponseTypes.Cast<ReadResponseType?>().FirstOrDefault(accepted => Enum.IsDefined(accepted!.Value));
        switch (type)
        {
            case ReadResponseType.Samples:
                await AnswerSamplesAsync(call, selected);
                break;
            case ReadResponseType.StreamedXorChunks:
                await StreamChunksAsync(call, selected);
                break;
            default:
                throw new ApiException(ApiError.BadData, "none of the accepted response types is known");
        }
    }

    private static List<SelectedSeries> Select(ApiCall call, ReadQuery query)
    {
        var store = call.Context.RequestServices.GetRequiredService<MetricStore>();
        var range = new TimeRange(query.StartTimestampMs, query.EndTimestampMs);
        List<SelectedSeries> series = [.. store.Select(call.Scope, ReadBody.Matchers(query), range, call.Aborted)];
        series.Sort(static (a, b) => a.Labels.CompareTo(b.Labels)); // over partitions, too
        return series;
    }

    private static async Task AnswerSamplesAsync(ApiCall call, List<List<SelectedSeries>> selected)
    {
        var response = new SampleBlock(MaxBlockBytes);
        var samples = new SampleColumns();
        foreach (List<SelectedSeries> query in selected)
        {
            foreach (SelectedSeries one in query)
            {
                call.Aborted.ThrowIfCancellationRequested();
                samples.Clear();
                one.Read(samples);
                if (samples.Count > 0)
                    response.AddSeries(one.Labels, samples);
            }
            response.EndQuery();
        }
        call.Context.Response.Headers.ContentEncoding = "snappy";
        await using AnswerBody body = call.Body("application/x-protobuf", compressible: false);
        body.Text.Raw(Snappy.CompressToArray(response.Bytes));
        await body.CompleteAsync();
    }

    private static async Task StreamChunksAsync(ApiCall call, List<List<SelectedSeries>> selected)
    {
        await using AnswerBody body = call.Body("application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse", compressible: false);
        var samples = new SampleColumns();
        var chunk = new XorChunkWriter();
        for (int query = 0; query < selected.Count; query++)
        {
            foreach (SelectedSeries one in selected[query])
            {
                samples.Clear();
                one.Read(samples);
                foreach (ChunkedSeries part in Chunked(one.Labels, samples, chunk))
                {
                    ChunkFrame.Write(body.Text, new ChunkedReadResponse { QueryIndex = query, ChunkedSeries = { part } });
                    await body.SendPieceAsync();
                }
            }
        }
        await body.CompleteAsync();
    }

    /// <summary>A series in parts of one frame each.</summary>
    private static IEnumerable<ChunkedSeries> Chunked(LabelSet labels, SampleColumns samples, XorChunkWriter chunk)
    {
        ChunkedSeries? part = null;
        chunk.Restart();
        for (int i = 0; i < samples.Count; i++)
        {
            chunk.Append(new Sample(samples.TimestampsMs[i], samples.Values[i]));
            if (!chunk.IsFull && i < samples.Count - 1)
                continue;
            if (part is null)
            {
                part = new ChunkedSeries();
                part.Labels.AddRange(labels.Select(label => new LabelPair { Name = label.Name, Value = label.Value }));
            }
            part.Chunks.Add(new XorEncodedChunk
            {
                MinTimeMs = chunk.MinTimeMs, MaxTimeMs = chunk.MaxTimeMs, Type = XorEncodedChunk.Types.Encoding.Xor, Data = ByteString.CopyFrom(chunk.Bytes),
            });
            chunk.Restart();
            if (part.Chunks.Count < ChunksPerFrame && i < samples.Count - 1)
                continue;
            yield return part;
            part = null;
        }
    }
}
