using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>
/// Tenants and their namespaces, as a file says:
/// <c>{"tenants": [{"name": "acme", "namespaces": ["acme-web", {"name": "acme-batch", "uid": "6c1e…"}]}]}</c>.
/// A namespace with a UID is that namespace alone, not a later one of its name.
/// </summary>
internal sealed class TenantFile
{
    /// <summary>Largest file that is read.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly FrozenDictionary<string, TenantName> _byName;
    private readonly FrozenDictionary<(string Name, string Uid), TenantName> _byNameAndUid;

    private TenantFile(Dictionary<string, TenantName> byName, Dictionary<(string, string), TenantName> byNameAndUid)
    {
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _byNameAndUid = byNameAndUid.ToFrozenDictionary();
    }

    public TenantName? Claim(NamespaceObject value)
    {
        if (_byNameAndUid.TryGetValue((value.Name, value.Uid), out TenantName tenant) || _byName.TryGetValue(value.Name, out tenant))
            return tenant;
        return null;
    }

    /// <exception cref="TenantFileException">Everything that is wrong with it.</exception>
    public static TenantFile Parse(ReadOnlyMemory<byte> utf8)
    {
        var faults = new List<string>();
        var byName = new Dictionary<string, TenantName>(StringComparer.Ordinal);
        var byNameAndUid = new Dictionary<(string, string), TenantName>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            ReadTenants(document.RootElement);
        }
        catch (JsonException exception)
        {
            faults.Add("It is no JSON: " + exception.Message);
        }

        return faults.Count == 0 ? new TenantFile(byName, byNameAndUid) : throw new TenantFileException(faults);

        void ReadTenants(JsonElement root)
        {
            if (!Members(root, "$", ["tenants"], out JsonElement[] members))
                return;
            if (members[0].ValueKind != JsonValueKind.Array)
            {
                faults.Add("$.tenants must be a list.");
                return;
            }

            var seen = new HashSet<TenantName>();
            int index = 0;
            foreach (JsonElement tenant in members[0].EnumerateArray())
            {
                string at = $"$.tenants[{index++}]";
                if (!Members(tenant, at, ["name", "namespaces"], out JsonElement[] parts))
                    continue;
                if (!TenantName.TryParse(Text(parts[0]), out TenantName name))
                    faults.Add($"{at}.name must be a tenant name: 1 to 63 of a-z, 0-9 and -, starting and ending with a letter or digit.");
                else if (!seen.Add(name))
                    faults.Add($"{at}.name: {name} stands twice.");
                if (parts[1].ValueKind != JsonValueKind.Array)
                {
                    faults.Add($"{at}.namespaces must be a list.");
                    continue;
                }

                int position = 0;
                foreach (JsonElement value in parts[1].EnumerateArray())
                    ReadNamespace(value, $"{at}.namespaces[{position++}]", name);
            }
        }

        void ReadNamespace(JsonElement value, string at, TenantName tenant)
        {
            if (Text(value) is { Length: > 0 } name)
            {
                if (!byName.TryAdd(name, tenant))
                    faults.Add($"{at}: {name} stands twice.");
            }
            else if (value.ValueKind != JsonValueKind.Object)
            {
                faults.Add($"{at} must be a namespace's name, or an object with name and uid.");
            }
            else if (Members(value, at, ["name", "uid"], out JsonElement[] parts))
            {
                if (Text(parts[0]) is not { Length: > 0 } exactName || Text(parts[1]) is not { Length: > 0 } uid)
                    faults.Add($"{at}: name and uid must be texts.");
                else if (!byNameAndUid.TryAdd((exactName, uid), tenant))
                    faults.Add($"{at}: {exactName} with uid {uid} stands twice.");
            }
        }

        // Exactly these members: a misspelt one must not be passed over.
        bool Members(JsonElement value, string at, string[] names, out JsonElement[] members)
        {
            members = new JsonElement[names.Length];
            if (value.ValueKind != JsonValueKind.Object)
            {
                faults.Add($"{at} must be an object.");
                return false;
            }

            int before = faults.Count;
            foreach (JsonProperty property in value.EnumerateObject())
            {
                int index = Array.IndexOf(names, property.Name);
                if (index < 0)
                    faults.Add($"{at}.{property.Name} is not known.");
                else
                    members[index] = property.Value;
            }

            for (int i = 0; i < names.Length; i++)
            {
                if (members[i].ValueKind == JsonValueKind.Undefined)
                    faults.Add($"{at}.{names[i]} is missing.");
            }

            return faults.Count == before;
        }

        static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <exception cref="TenantFileException">It cannot be read, or everything that is wrong with it.</exception>
    public static (TenantFile File, byte[] Content) Read(string path)
    {
        byte[] content;
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
                throw new TenantFileException([$"It has more than {MaxBytes} bytes."]);
            content = new byte[stream.Length];
            stream.ReadExactly(content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TenantFileException(["It cannot be read: " + exception.Message], exception);
        }

        ReadOnlyMemory<byte> text = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsMemory(Encoding.UTF8.Preamble.Length) : content;
        return (Parse(text), content);
    }
}
