using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Observability.Model;

namespace Observability.Aggregator.ModelApi.Http;

/// <summary>
/// The model's answers, in Heapster's shapes. Whole numbers are written as integers, so that Heapster's clients read them; others as the
/// shortest text that gives the same double.
/// </summary>
internal static class ModelJson
{
    /// <summary>Up to here every whole number has a double of its own.</summary>
    private const double LargestInteger = 9007199254740992;

    /// <summary>What Heapster gives as the latest time of no points.</summary>
    private const string NoTime = "0001-01-01T00:00:00Z";

    // The answer is JSON and says so: what HTML would need escaped is not.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>["a","b"]</c></summary>
    internal static void WriteNames(IBufferWriter<byte> output, IReadOnlyList<string> names)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartArray();
        foreach (string name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }

    /// <summary><c>{"metrics":[{"timestamp":"…","value":1.5}],"latestTimestamp":"…"}</c></summary>
    internal static void WriteMetric(IBufferWriter<byte> output, IReadOnlyList<Sample> points)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        WriteResult(writer, points);
        writer.WriteEndObject();
    }

    /// <summary><c>{"items":[{"pod":"p1","metrics":[…],"latestTimestamp":"…"}]}</c>, in the order of the request.</summary>
    internal static void WriteList(IBufferWriter<byte> output, IReadOnlyList<(string Pod, IReadOnlyList<Sample> Points)> items)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        foreach ((string pod, IReadOnlyList<Sample> points) in items)
        {
            writer.WriteStartObject();
            writer.WriteString("pod"u8, pod);
            WriteResult(writer, points);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, IReadOnlyList<Sample> points)
    {
        writer.WriteStartArray("metrics"u8);
        foreach ((long timestampMs, double value) in points)
        {
            writer.WriteStartObject();
            writer.WriteString("timestamp"u8, Time(timestampMs));
            writer.WritePropertyName("value"u8);
            if (Math.Abs(value) <= LargestInteger && Math.Floor(value) == value)
                writer.WriteNumberValue((long)value);
            else
                writer.WriteNumberValue(value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("latestTimestamp"u8, points.Count == 0 ? NoTime : Time(points[^1].TimestampMs));
    }

    private static string Time(long timestampMs) => DateTimeOffset.FromUnixTimeMilliseconds(timestampMs)
        .ToString(timestampMs % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
