using Microsoft.AspNetCore.Http;
using Observability.Aggregator.Access;
using Observability.Aggregator.PrometheusApi.Json;
using Observability.Aggregator.Surfaces;
using Observability.Model;

namespace Observability.Aggregator.PrometheusApi.Http;

/// <summary>One authorised request and the way to answer it.</summary>
internal sealed class ApiCall(HttpContext context, TenantScope scope, QuerySettings settings, TimeProvider time)
{
    private const int MaxNotes = 10;

    public TenantScope Scope => scope;

    public RequestParameters Parameters { get; } = context.Parameters();

    public HttpContext Context => context;

    public CancellationToken Aborted => context.RequestAborted;

    public long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="compressible">False: what is sent is packed already.</param>
    public AnswerBody Body(string contentType, bool compressible = true) => new(context, contentType, compressible, settings.SendTimeout, time);

    /// <summary>Answers <c>{"status":"success","data":…}</c>; nothing is sent before a piece is full or the end is reached.</summary>
    /// <param name="writeData">Writes the data, and sends pieces if it is long.</param>
    /// <param name="warnings">Shown with the data, ten of them.</param>
    /// <param name="infos">Likewise.</param>
    public async Task SucceedAsync(Func<AnswerBody, ValueTask> writeData, IReadOnlyList<string>? warnings = null, IReadOnlyList<string>? infos = null)
    {
        await using AnswerBody body = Body("application/json");
        body.Text.Raw("{\"status\":\"success\",\"data\":"u8);
        await writeData(body);
        WriteNotes(body.Text, ",\"warnings\":"u8, warnings, "warning");
        WriteNotes(body.Text, ",\"infos\":"u8, infos, "info");
        body.Text.Raw((byte)'}');
        await body.CompleteAsync();
    }

    /// <inheritdoc cref="SucceedAsync(Func{AnswerBody, ValueTask}, IReadOnlyList{string}?, IReadOnlyList{string}?)"/>
    public Task SucceedAsync(Action<TextBuffer> writeData, IReadOnlyList<string>? warnings = null) => SucceedAsync(body =>
    {
        writeData(body.Text);
        return ValueTask.CompletedTask;
    }, warnings);

    private static void WriteNotes(TextBuffer text, ReadOnlySpan<byte> name, IReadOnlyList<string>? notes, string kind)
    {
        if (notes is not { Count: > 0 })
            return;
        text.Raw(name);
        text.Strings(notes.Count <= MaxNotes ? notes : [.. notes.Take(MaxNotes), $"{notes.Count - MaxNotes} more {kind} annotations omitted"]);
    }
}
