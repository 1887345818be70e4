using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Observability.Aggregator.PrometheusApi.Json;

namespace Observability.Aggregator.PrometheusApi.Http;

/// <summary>
/// The body of one answer. Text is collected in <see cref="Text"/> and sent in pieces, so that an answer of any size takes little memory;
/// a reader that does not take a piece in time is cut off. Compressed where the request accepts gzip and it is worth it.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="contentType">Of the answer.</param>
/// <param name="compressible">False: what is sent is packed already.</param>
/// <param name="sendTimeout">Longest wait for a piece to be taken.</param>
/// <param name="time">Tells it.</param>
internal sealed class AnswerBody(HttpContext context, string contentType, bool compressible, TimeSpan sendTimeout, TimeProvider time) : IAsyncDisposable
{
    private const int PieceBytes = 32 * 1024;
    private const int LeastCompressed = 1024;

    private Stream? _stream;
    private GZipStream? _gzip;

    /// <summary>What is to be sent next.</summary>
    public TextBuffer Text { get; } = new(2 * PieceBytes);

    /// <summary>Sends what was collected if it is a piece; to be called every few kilobytes.</summary>
    /// <exception cref="OperationCanceledException">The reader is gone.</exception>
    /// <exception cref="SlowReaderException">The reader was too slow and is cut off.</exception>
    public ValueTask SendPieceAsync() => Text.Length < PieceBytes ? ValueTask.CompletedTask : SendAsync();

    /// <summary>Sends the rest.</summary>
    /// <inheritdoc cref="SendPieceAsync"/>
    public async ValueTask CompleteAsync()
    {
        if (_stream is null && Text.Length < LeastCompressed)
        {
            Begin(compressed: false);
            context.Response.ContentLength = Text.Length;
        }
        if (Text.Length > 0)
            await SendAsync();
        if (_gzip is not null)
            await _gzip.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Text.Dispose();
        if (_gzip is not null && !context.RequestAborted.IsCancellationRequested && context.Response.HasStarted)
            await _gzip.DisposeAsync();
    }

    /// <summary>True where the header weighs gzip above nothing.</summary>
    internal static bool AcceptsGzip(IHeaderDictionary headers)
    {
        if (!StringWithQualityHeaderValue.TryParseList(headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? accepted))
            return false;
        StringWithQualityHeaderValue? gzip =
            accepted.FirstOrDefault(value => value.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase)) ??
            accepted.FirstOrDefault(value => value.Value.Equals("*", StringComparison.Ordinal));
        return gzip is not null && gzip.Quality is not 0;
    }

    private void Begin(bool compressed)
    {
        context.Response.ContentType = contentType;
        if (compressible)
            context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        _stream = context.Response.Body;
        if (!compressed)
            return;
        context.Response.Headers.ContentEncoding = "gzip";
        _stream = _gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
    }

    private async ValueTask SendAsync()
    {
        if (_stream is null)
            Begin(compressible && AcceptsGzip(context.Request.Headers));
        using var tooSlow = new CancellationTokenSource(sendTimeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, context.RequestAborted);
        try
        {
            await _stream!.WriteAsync(Text.Written, ended.Token); // Begin made it
        }
        catch (OperationCanceledException)
        {
            // The server may throw or, having aborted the connection, say nothing: looked at below.
        }
        if (ended.IsCancellationRequested)
        {
            bool gone = context.RequestAborted.IsCancellationRequested && !tooSlow.IsCancellationRequested;
            context.Abort(); // half an answer must not look like a whole one
            throw gone ? new OperationCanceledException(context.RequestAborted) : new SlowReaderException();
        }
        Text.Clear();
    }
}
