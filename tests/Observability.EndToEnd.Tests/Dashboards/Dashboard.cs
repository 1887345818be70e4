using System.Text.Json;

namespace Observability.EndToEnd.Tests.Dashboards;

/// <summary>A file of <c>dashboards/</c>, as far as tests ask it.</summary>
internal sealed class Dashboard
{
    private readonly JsonElement _json;

    private Dashboard(string name, JsonElement json) => (Name, _json) = (name, json);

    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "dashboards");

    public static IReadOnlyList<Dashboard> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>The file's name without its extension.</summary>
    public string Name { get; }

    public string Uid => _json.GetProperty("uid").GetString()!;

    public string Title => _json.GetProperty("title").GetString()!;

    /// <summary>Written for the operator, whose data source has all tenants; else for a tenant.</summary>
    public bool IsForOperator => _json.GetProperty("tags").EnumerateArray().Any(tag => tag.ValueEquals("operator"));

    public IReadOnlyList<JsonElement> Variables => [.. _json.GetProperty("templating").GetProperty("list").EnumerateArray()];

    /// <summary>Panels with queries; rows are none.</summary>
    public IReadOnlyList<DashboardPanel> Panels =>
        [.. _json.GetProperty("panels").EnumerateArray().Where(panel => !panel.GetProperty("type").ValueEquals("row")).Select(panel => new DashboardPanel(panel))];

    public IEnumerable<JsonElement> AllPanels => _json.GetProperty("panels").EnumerateArray();

    public override string ToString() => Name;

    private static Dashboard Read(string file) =>
        new(Path.GetFileNameWithoutExtension(file), JsonDocument.Parse(File.ReadAllBytes(file)).RootElement);
}
