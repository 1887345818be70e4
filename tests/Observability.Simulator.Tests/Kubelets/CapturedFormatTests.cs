using System.Text.Json;

namespace Observability.Simulator.Tests.Kubelets;

/// <summary>The simulator says what a real kubelet says: same families, types, help, label names, row kinds, JSON fields.</summary>
public sealed class CapturedFormatTests
{
    [TestCase("metrics/cadvisor", "010/metrics_cadvisor.txt.gz")]
    [TestCase("metrics/resource", "010/metrics_resource.txt.gz")]
    public async Task Families_come_with_the_captured_help_and_types_in_the_captured_order(string path, string capture)
    {
        string captured = Captured.Text(capture);
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        string page = await cluster.Kubelet().GetStringAsync(path, cluster.Deadline);

        Assert.That(Comments(page), Is.EqualTo(Comments(captured)));
    }

    [TestCase("metrics/cadvisor", "010/metrics_cadvisor.txt.gz")]
    [TestCase("metrics/resource", "010/metrics_resource.txt.gz")]
    public async Task Each_kind_of_row_has_the_captured_label_names_and_timestamps(string path, string capture)
    {
        HashSet<string> captured = Shapes(Page.Parse(Captured.Text(capture)));
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        HashSet<string> simulated = [];
        for (int node = 0; node < 3; node++)
            simulated.UnionWith(Shapes(Page.Parse(await cluster.Kubelet(node).GetStringAsync(path, cluster.Deadline))));

        Assert.That(simulated, Is.EquivalentTo(captured));
    }

    [Test]
    public async Task Rows_stand_in_the_order_of_their_label_values()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        Page page = await cluster.CadvisorAsync();

        foreach (IGrouping<string, Row> family in page.Rows.GroupBy(row => row.Name))
        {
            string[] keys = [.. family.Select(row => string.Join('\0', row.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => label.Value)))];
            Assert.That(keys, Is.EqualTo(keys.Order(StringComparer.Ordinal)), family.Key);
        }
    }

    [Test]
    public async Task The_summary_has_the_captured_fields()
    {
        HashSet<string> captured = [];
        CollectFields(JsonDocument.Parse(Captured.Text("010/stats_summary.json.gz")).RootElement, "", captured);
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        HashSet<string> simulated = [];
        for (int node = 0; node < 3; node++)
        {
            string text = await cluster.Kubelet(node).GetStringAsync("stats/summary", cluster.Deadline);
            CollectFields(JsonDocument.Parse(text).RootElement, "", simulated);
        }

        Assert.That(simulated, Is.EquivalentTo(captured));
    }

    [Test]
    public async Task The_fields_of_pods_are_captured_ones()
    {
        HashSet<string> captured = [];
        foreach (string round in new[] { "000", "003", "010", "020", "030" })
            CollectFields(JsonDocument.Parse(Captured.Text($"{round}/pods.json.gz")).RootElement, "", captured);
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        HashSet<string> simulated = [];
        for (int node = 0; node < 3; node++)
            CollectFields(JsonDocument.Parse(await cluster.Kubelet(node).GetStringAsync("pods", cluster.Deadline)).RootElement, "", simulated);

        Assert.That(simulated.Where(field => !field.StartsWith("/items/metadata/labels/", StringComparison.Ordinal)), Is.SubsetOf(captured));
    }

    private static string[] Comments(string page) => [.. page.Split('\n').Where(line => line.StartsWith('#'))];

    private static HashSet<string> Shapes(Page page) =>
        [.. page.Rows.Select(row => $"{row.Name} {Kind(row)} {string.Join(',', row.Labels.Keys)} {(row.TimestampMs is null ? "without" : "with")} time")];

    private static string Kind(Row row) => (row["id"], row["pod"], row["name"], row["container"]) switch
    {
        ("", _, _, _) => "no id",
        ("/", _, _, _) => "root",
        (_, "", _, _) => "slice",
        (_, _, "", _) => "pod",
        (_, _, _, "") => "pause",
        _ => "container",
    };

    private static void CollectFields(JsonElement element, string path, HashSet<string> fields)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                fields.Add($"{path}/{property.Name}");
                CollectFields(property.Value, $"{path}/{property.Name}", fields);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
                CollectFields(item, path, fields);
        }
    }
}
