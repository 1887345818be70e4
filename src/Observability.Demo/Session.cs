using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observability.Demo;

/// <summary>Links and tokens of a run, for scripts.</summary>
internal sealed record Session(
    string Query, string Grpc, string Admin, IReadOnlyList<string> Tenants, IReadOnlyDictionary<string, string> Tokens)
{
    /// <summary>Writes the file whole or not at all, readable by this user alone: it holds tokens.</summary>
    public async Task WriteAsync(FileInfo file, CancellationToken cancellationToken)
    {
        string partial = file.FullName + ".partial";
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(partial, create))
            await JsonSerializer.SerializeAsync(stream, this, SessionJson.Default.Session, cancellationToken);
        File.Move(partial, file.FullName, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Session))]
internal sealed partial class SessionJson : JsonSerializerContext;
