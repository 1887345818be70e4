using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Observability.Storage.Blocks.Files;

/// <summary>A small JSON file that a person can read and a flipped bit cannot change unseen: <c>{"crc32c":"…","content":{…}}</c>.</summary>
internal static class ChecksummedJson
{
    public static byte[] Write<T>(T content, JsonTypeInfo<T> type)
    {
        string text = JsonSerializer.Serialize(content, type);
        string crc = Crc32C.Of(Encoding.UTF8.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($"{{\"crc32c\":\"{crc}\",\"content\":{text}}}\n");
    }

    /// <exception cref="CorruptDataException">It is damaged.</exception>
    public static T Read<T>(byte[] file, JsonTypeInfo<T> type)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(file);
            string text = document.RootElement.GetProperty("content").GetRawText();
            string crc = Crc32C.Of(Encoding.UTF8.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);
            if (!string.Equals(document.RootElement.GetProperty("crc32c").GetString(), crc, StringComparison.Ordinal))
                throw new CorruptDataException("The file does not match its checksum.");
            return JsonSerializer.Deserialize(text, type) ?? throw new CorruptDataException("The file is empty.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or DecoderFallbackException)
        {
            throw new CorruptDataException("The file is no JSON of this kind.", exception);
        }
    }
}

/// <summary>Content of <c>manifest.json</c>.</summary>
/// <param name="SealedToMs">See <see cref="PartitionBlocks.SealedToMs"/>.</param>
/// <param name="Blocks">Ids of the live blocks.</param>
internal sealed record ManifestFile(long SealedToMs, IReadOnlyList<string> Blocks);

/// <summary>Content of a block's <c>meta.json</c>: what its index says, for a person; and what it was merged from.</summary>
internal sealed record MetaFile(
    int Version, string Partition, long FromMs, long ToMs, long Series, long Samples, long IndexBytes, long DataBytes, IReadOnlyList<string> Sources);

[JsonSerializable(typeof(ManifestFile))]
[JsonSerializable(typeof(MetaFile))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class BlockJson : JsonSerializerContext;
