using System.Globalization;
using System.Text.Json;

namespace Observability.Simulator.Api;

/// <summary>What Kubernetes objects repeat: string maps, string lists, times in whole seconds.</summary>
internal static class JsonWriting
{
    public static void WriteStrings(this Utf8JsonWriter json, string property, IReadOnlyList<string> values)
    {
        json.WriteStartArray(property);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void WriteMap(this Utf8JsonWriter json, string property, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(property);
        foreach ((string key, string value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    public static void WriteTime(this Utf8JsonWriter json, string property, DateTimeOffset time) => json.WriteString(property, Rfc3339(time));

    public static string Rfc3339(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>JSON as the API server sends it: unescaped except where JSON itself needs it.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
