using System.Buffers;
using System.Text.Json;
using Observability.Simulator.Rbac;

namespace Observability.Simulator.Api;

/// <summary>TokenReview and SubjectAccessReview, with the answers of a 1.36 API server, and TokenRequest for tokens that are bound to no pod.</summary>
internal sealed class Reviews(Authenticator authenticator, TokenStore tokens, TimeProvider time)
{
    private const int LongestBody = 1 << 20;
    private const long ShortestToken = 600; // seconds, as a real API server has it
    private const long LongestToken = 1L << 32;

    public async Task TokenAsync(HttpContext context)
    {
        using JsonDocument? body = await ReadAsync(context);
        if (body is null)
            return;

        JsonElement spec = Property(body.RootElement, "spec");
        string token = Text(spec, "token");
        if (token.Length == 0)
        {
            await StatusAnswer.BadRequest("token is required for TokenReview in authentication").WriteAsync(context);
            return;
        }

        IReadOnlyList<string> asked = Strings(spec, "audiences");
        IReadOnlyList<string> audiences = asked.Count == 0 ? [TokenStore.ApiAudience] : asked;
        IssuedToken? issued = tokens.Find(token);
        string[] overlap = issued is null ? [] : [.. audiences.Where(issued.Audiences.Contains)];

        await WriteReviewAsync(context, "TokenReview", "authentication.k8s.io/v1", spec, json =>
        {
            if (issued is not null && overlap.Length > 0)
            {
                json.WriteBoolean("authenticated", true);
                WriteUser(json, issued.User);
                json.WriteStrings("audiences", overlap);
                return;
            }

            // A refusal leaves `authenticated` out: it is no value, not false.
            json.WriteStartObject("user");
            json.WriteEndObject();
            json.WriteString("error", issued is null
                ? "invalid bearer token"
                : $"[invalid bearer token, token audiences {Quoted(issued.Audiences)} is invalid for the target audiences {Quoted(audiences)}]");
        });
    }

    public async Task AccessAsync(HttpContext context)
    {
        using JsonDocument? body = await ReadAsync(context);
        if (body is null)
            return;

        JsonElement spec = Property(body.RootElement, "spec");
        if (ParseRequest(spec) is not { } request)
        {
            await new StatusAnswer(422, "Invalid", "SubjectAccessReview.authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Invalid value: exactly one of nonResourceAttributes or resourceAttributes must be specified").WriteAsync(context);
            return;
        }

        string? reason = authenticator.Authorize(Text(spec, "user"), Strings(spec, "groups"), request);
        await WriteReviewAsync(context, "SubjectAccessReview", "authorization.k8s.io/v1", spec, json =>
        {
            json.WriteBoolean("allowed", reason is not null);
            if (!string.IsNullOrEmpty(reason))
                json.WriteString("reason", reason);
        });
    }

    /// <summary>A TokenRequest for a service account that exists.</summary>
    public async Task IssueAsync(HttpContext context, string ns, string account, string accountUid)
    {
        using JsonDocument? body = await ReadAsync(context);
        if (body is null)
            return;

        JsonElement spec = Property(body.RootElement, "spec");
        TimeSpan lifetime = Property(spec, "expirationSeconds") is { ValueKind: JsonValueKind.Number } seconds
            ? TimeSpan.FromSeconds(Math.Clamp(seconds.GetInt64(), ShortestToken, LongestToken))
            : TimeSpan.FromHours(1);
        string token = tokens.Issue(new TokenRequest(ns, account, accountUid, Strings(spec, "audiences"), lifetime, null));
        await WriteReviewAsync(context, "TokenRequest", "authentication.k8s.io/v1", spec, json =>
        {
            json.WriteString("token", token);
            json.WriteTime("expirationTimestamp", time.GetUtcNow() + lifetime);
        });
    }

    private static AccessRequest? ParseRequest(JsonElement spec)
    {
        JsonElement resource = Property(spec, "resourceAttributes");
        JsonElement path = Property(spec, "nonResourceAttributes");
        if ((resource.ValueKind == JsonValueKind.Object) == (path.ValueKind == JsonValueKind.Object))
            return null;

        if (path.ValueKind == JsonValueKind.Object)
            return new AccessRequest { Verb = Text(path, "verb"), Path = Text(path, "path") };
        return new AccessRequest
        {
            Verb = Text(resource, "verb"),
            Group = Text(resource, "group"),
            Resource = Text(resource, "resource"),
            Subresource = Text(resource, "subresource"),
            Namespace = Text(resource, "namespace"),
            Name = Text(resource, "name"),
        };
    }

    private static async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        try
        {
            if (context.Request.ContentLength is null or <= LongestBody)
                return await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            // Answered below, like a body that is too long.
        }

        await StatusAnswer.BadRequest("the request body could not be read as an object").WriteAsync(context);
        return null;
    }

    private static Task WriteReviewAsync(HttpContext context, string kind, string apiVersion, JsonElement spec, Action<Utf8JsonWriter> status)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteString("apiVersion", apiVersion);
            json.WriteStartObject("metadata");
            json.WriteEndObject();
            json.WritePropertyName("spec");
            spec.WriteTo(json);
            json.WriteStartObject("status");
            status(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).AsTask();
    }

    private static void WriteUser(Utf8JsonWriter json, UserInfo user)
    {
        json.WriteStartObject("user");
        json.WriteString("username", user.Name);
        if (user.Uid.Length > 0)
            json.WriteString("uid", user.Uid);
        json.WriteStrings("groups", user.Groups);
        if (user.Extra.Count > 0)
        {
            json.WriteStartObject("extra");
            foreach ((string key, IReadOnlyList<string> values) in user.Extra.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteStrings(key, values);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Go's %q of a list of strings.</summary>
    private static string Quoted(IEnumerable<string> values) => $"[{string.Join(' ', values.Select(value => $"\"{value}\""))}]";

    private static JsonElement Property(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string Text(JsonElement parent, string name) =>
        Property(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    private static IReadOnlyList<string> Strings(JsonElement parent, string name) =>
        Property(parent, name) is { ValueKind: JsonValueKind.Array } values
            ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
            : [];
}
