using System.Buffers;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Observability.Aggregator.PrometheusApi.Requests;
using Observability.Protocol.Prometheus;
using Snappier;

namespace Observability.Aggregator.PrometheusApi.RemoteRead;

/// <summary>Reads the body of a remote read. What it says of its own size is checked before any memory is taken for it.</summary>
internal static class ReadBody
{
    public const int MaxCompressedBytes = 64 * 1024; // the server takes no longer body of anybody
    public const int MaxBytes = 1024 * 1024;

    private const int MaxQueries = 16;
    private const int MaxMatchers = 64;

    /// <exception cref="ApiException">It is no request, or too large.</exception>
    public static async Task<ReadRequest> ReadAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!string.Equals(request.Headers.ContentEncoding.ToString(), "snappy", StringComparison.OrdinalIgnoreCase))
            throw new ApiException(ApiError.BadData, "the body must be encoded by snappy and nothing else");
        ReadOnlySequence<byte> body;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(context.RequestAborted);
            body = read.Buffer;
            if (body.Length > MaxCompressedBytes)
                throw new ApiException(ApiError.BadData, $"the body is longer than {MaxCompressedBytes} bytes");
            if (read.IsCompleted)
                break;
            request.BodyReader.AdvanceTo(body.Start, body.End);
        }
        try
        {
            return Parse(body.IsSingleSegment ? body.FirstSpan : body.ToArray());
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
    }

    /// <inheritdoc cref="ReadAsync"/>
    internal static ReadRequest Parse(ReadOnlySpan<byte> compressed)
    {
        byte[]? rented = null;
        try
        {
            int declared = Snappy.GetUncompressedLength(compressed);
            if (declared is < 0 or > MaxBytes)
                throw new ApiException(ApiError.BadData, $"the decoded request is longer than {MaxBytes} bytes");
            rented = ArrayPool<byte>.Shared.Rent(declared);
            if (!Snappy.TryDecompress(compressed, rented.AsSpan(0, declared), out int length) || length != declared)
                throw new ApiException(ApiError.BadData, "the body is not snappy");
            ReadRequest request = ReadRequest.Parser.ParseFrom(rented.AsSpan(0, length));
            if (request.Queries.Count > MaxQueries)
                throw new ApiException(ApiError.BadData, $"more than {MaxQueries} queries");
            if (request.Queries.Any(query => query.Matchers.Count > MaxMatchers))
                throw new ApiException(ApiError.BadData, $"more than {MaxMatchers} matchers");
            return request;
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidProtocolBufferException or ArgumentException)
        {
            throw new ApiException(ApiError.BadData, "the body is no remote read request");
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The matchers of a query.</summary>
    /// <exception cref="ApiException">One is none.</exception>
    public static List<Model.Matcher> Matchers(ReadQuery query)
    {
        var matchers = new List<Model.Matcher>(query.Matchers.Count);
        foreach (LabelMatcher matcher in query.Matchers)
        {
            Model.MatchOperator @operator = matcher.Type switch
            {
                LabelMatcher.Types.Type.Eq => Model.MatchOperator.Equal,
                LabelMatcher.Types.Type.Neq => Model.MatchOperator.NotEqual,
                LabelMatcher.Types.Type.Re => Model.MatchOperator.Regex,
                LabelMatcher.Types.Type.Nre => Model.MatchOperator.NotRegex,
                _ => throw new ApiException(ApiError.BadData, "a matcher is of no known type"),
            };
            try
            {
                matchers.Add(new Model.Matcher(matcher.Name, @operator, matcher.Value));
            }
            catch (ArgumentException)
            {
                throw new ApiException(ApiError.BadData, $"the matcher of {ApiParameters.Echo(matcher.Name)} is none");
            }
        }
        return matchers;
    }
}
