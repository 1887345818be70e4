using System.Text.Json;

namespace Observability.EndToEnd.Tests.Dashboards;

internal sealed class DashboardPanel(JsonElement json)
{
    public JsonElement Json => json;

    public string Title => json.GetProperty("title").GetString()!;

    public string Type => json.GetProperty("type").GetString()!;

    public IReadOnlyList<PanelQuery> Queries => [.. json.GetProperty("targets").EnumerateArray()
        .Select(target => new PanelQuery(target.GetProperty("expr").GetString()!, target.GetProperty("instant").GetBoolean()))];
}

/// <param name="Expression">PromQL with Grafana's variables in it.</param>
/// <param name="IsInstant">Asked at the end of the time range; else over it.</param>
internal sealed record PanelQuery(string Expression, bool IsInstant)
{
    /// <summary>The query as Grafana sends it, longer names first: <c>$namespace</c> must not be taken for <c>$name</c>.</summary>
    public string With(IReadOnlyDictionary<string, string> variables) => variables.OrderByDescending(variable => variable.Key.Length)
        .Aggregate(Expression, (text, variable) => text.Replace("$" + variable.Key, variable.Value, StringComparison.Ordinal));
}
