using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observability.Model;

namespace Observability.Storage.Disk;

/// <summary>
/// The deletions of a store: <c>deleted.json</c>, and every <c>deleted.NAME.json</c> beside it. A snapshot carries its own under its
/// name, so that copying it back adds to what was deleted since and never replaces it.
/// </summary>
internal sealed class Deletions
{
    private const string Name = "deleted.json";

    private readonly string _path;
    private readonly ConcurrentDictionary<TenantUid, long> _deleted = new();

    private Deletions(string path) => _path = path;

    public long NewestMs => _deleted.IsEmpty ? 0 : _deleted.Values.Max();

    /// <exception cref="InvalidDataException">A file is damaged. Serving without it could serve what was deleted.</exception>
    public static Deletions Read(string root)
    {
        var deletions = new Deletions(root);
        foreach (string path in Directory.GetFiles(root, "deleted*.json"))
        {
            try
            {
                DeletionFile file = JsonSerializer.Deserialize(File.ReadAllBytes(path), DirectoryJson.Default.DeletionFile)
                    ?? throw new InvalidDataException($"{path} is empty.");
                foreach (Deletion deletion in file.Deleted)
                    deletions.Include(TenantUid.Parse(deletion.Tenant), deletion.TimeMs);
            }
            catch (Exception exception) when (exception is JsonException or FormatException)
            {
                throw new InvalidDataException($"{path} is damaged: {exception.Message}", exception);
            }
        }
        return deletions;
    }

    public long Of(TenantUid partition) => _deleted.GetValueOrDefault(partition);

    /// <summary>Returns when the deletion is durable.</summary>
    public void Add(TenantUid partition, long timeMs)
    {
        Include(partition, timeMs);
        WriteTo(Path.Combine(_path, Name));
    }

    public void WriteTo(string path)
    {
        Deletion[] all = [.. _deleted.OrderBy(deletion => deletion.Key).Select(deletion => new Deletion(deletion.Key.ToString(), deletion.Value))];
        DurableFiles.Replace(path, JsonSerializer.SerializeToUtf8Bytes(new DeletionFile(all), DirectoryJson.Default.DeletionFile));
    }

    private void Include(TenantUid partition, long timeMs) => _deleted.AddOrUpdate(partition, timeMs, (_, known) => Math.Max(known, timeMs));
}

/// <summary>Content of <c>deleted.json</c>.</summary>
internal sealed record DeletionFile(IReadOnlyList<Deletion> Deleted);

/// <summary>All data of a tenant that came into being before a stamp is gone.</summary>
internal sealed record Deletion(string Tenant, long TimeMs);

/// <summary>Content of <c>born.json</c>.</summary>
internal sealed record BirthFile(long BornMs);

[JsonSerializable(typeof(DeletionFile))]
[JsonSerializable(typeof(BirthFile))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class DirectoryJson : JsonSerializerContext;
