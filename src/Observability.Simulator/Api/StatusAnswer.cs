using System.Buffers;
using System.Text.Json;

namespace Observability.Simulator.Api;

/// <summary>A failure as the API server tells it: a Status object with the reason and the HTTP code.</summary>
internal sealed record StatusAnswer(int Code, string Reason, string Message)
{
    public static StatusAnswer Unauthorized { get; } = new(401, "Unauthorized", "Unauthorized");

    public static StatusAnswer NotFoundPath { get; } = new(404, "NotFound", "the server could not find the requested resource");

    public static StatusAnswer Expired(string message) => new(410, "Expired", message);

    public static StatusAnswer BadRequest(string message) => new(400, "BadRequest", message);

    public static StatusAnswer NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.Resource}{(kind.Group.Length == 0 ? "" : "." + kind.Group)} \"{name}\" not found");

    public static StatusAnswer Forbidden(string user, Rbac.AccessRequest request)
    {
        if (request.Path is { } path)
            return new StatusAnswer(403, "Forbidden", $"forbidden: User \"{user}\" cannot {request.Verb} path \"{path}\"");

        string subject = request.Group.Length == 0 ? request.Resource : $"{request.Resource}.{request.Group}";
        string named = request.Name.Length == 0 ? subject : $"{subject} \"{request.Name}\"";
        string where = request.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        return new StatusAnswer(
            403,
            "Forbidden",
            $"{named} is forbidden: User \"{user}\" cannot {request.Verb} resource \"{request.Resource}\" in API group \"{request.Group}\" {where}");
    }

    public ReadOnlyMemory<byte> ToJson()
    {
        ArrayBufferWriter<byte> buffer = new(256);
        using (Utf8JsonWriter json = new(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("kind", "Status");
            json.WriteString("apiVersion", "v1");
            json.WriteStartObject("metadata");
            json.WriteEndObject();
            json.WriteString("status", "Failure");
            json.WriteString("message", Message);
            json.WriteString("reason", Reason);
            json.WriteNumber("code", Code);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Code;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(ToJson(), context.RequestAborted).AsTask();
    }
}
