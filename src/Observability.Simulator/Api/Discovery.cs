using System.Buffers;
using System.Text.Json;

namespace Observability.Simulator.Api;

/// <summary>What a client asks before it asks for objects: versions, groups, resources, health.</summary>
internal static class Discovery
{
    private static readonly string[] Groups = ["authentication.k8s.io", "authorization.k8s.io", "rbac.authorization.k8s.io"];

    public static Task AnswerAsync(HttpContext context) => context.Request.Path.Value!.TrimEnd('/') switch
    {
        "/healthz" or "/livez" or "/readyz" => WriteAsync(context, "text/plain; charset=utf-8", "ok"u8.ToArray()),
        "/version" => WriteAsync(context, WriteVersion),
        "/api" => WriteAsync(context, WriteCoreVersions),
        "/apis" => WriteAsync(context, WriteGroups),
        "/api/v1" => WriteAsync(context, json => WriteResources(json, "")),
        var path when Array.Find(Groups, group => path == $"/apis/{group}/v1") is { } group => WriteAsync(context, json => WriteResources(json, group)),
        var path when Array.Find(Groups, group => path == $"/apis/{group}") is { } group => WriteAsync(context, json => WriteGroup(json, group, true)),
        _ => StatusAnswer.NotFoundPath.WriteAsync(context),
    };

    private static void WriteVersion(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("major", "1");
        json.WriteString("minor", "36");
        json.WriteString("gitVersion", "v1.36.2");
        json.WriteString("gitCommit", "");
        json.WriteString("gitTreeState", "clean");
        json.WriteString("buildDate", "2026-01-01T00:00:00Z");
        json.WriteString("goVersion", "");
        json.WriteString("compiler", "");
        json.WriteString("platform", "linux/amd64");
        json.WriteEndObject();
    }

    private static void WriteCoreVersions(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", "APIVersions");
        json.WriteStrings("versions", ["v1"]);
        json.WriteStartArray("serverAddressByClientCIDRs");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteGroups(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", "APIGroupList");
        json.WriteString("apiVersion", "v1");
        json.WriteStartArray("groups");
        foreach (string group in Groups)
            WriteGroup(json, group, false);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, string group, bool alone)
    {
        json.WriteStartObject();
        if (alone)
        {
            json.WriteString("kind", "APIGroup");
            json.WriteString("apiVersion", "v1");
        }

        json.WriteString("name", group);
        json.WriteStartArray("versions");
        WriteGroupVersion(json, group);
        json.WriteEndArray();
        json.WritePropertyName("preferredVersion");
        WriteGroupVersion(json, group);
        json.WriteEndObject();
    }

    private static void WriteGroupVersion(Utf8JsonWriter json, string group)
    {
        json.WriteStartObject();
        json.WriteString("groupVersion", $"{group}/v1");
        json.WriteString("version", "v1");
        json.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter json, string group)
    {
        json.WriteStartObject();
        json.WriteString("kind", "APIResourceList");
        json.WriteString("apiVersion", "v1");
        json.WriteString("groupVersion", group.Length == 0 ? "v1" : $"{group}/v1");
        json.WriteStartArray("resources");
        foreach (ResourceKind kind in ResourceKind.All.Where(kind => kind.Group == group))
            WriteResource(json, kind.Resource, kind.Kind, kind.Namespaced, ["get", "list", "watch"]);
        if (group == "authentication.k8s.io")
            WriteResource(json, "tokenreviews", "TokenReview", false, ["create"]);
        if (group == "authorization.k8s.io")
            WriteResource(json, "subjectaccessreviews", "SubjectAccessReview", false, ["create"]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, string resource, string kind, bool namespaced, IReadOnlyList<string> verbs)
    {
        json.WriteStartObject();
        json.WriteString("name", resource);
        json.WriteString("singularName", "");
        json.WriteBoolean("namespaced", namespaced);
        json.WriteString("kind", kind);
        json.WriteStrings("verbs", verbs);
        json.WriteEndObject();
    }

    private static Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter json = new(buffer, JsonWriting.Options))
            write(json);
        return WriteAsync(context, "application/json", buffer.WrittenMemory);
    }

    private static Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
