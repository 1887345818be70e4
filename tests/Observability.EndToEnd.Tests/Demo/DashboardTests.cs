using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Observability.EndToEnd.Tests.Dashboards;

namespace Observability.EndToEnd.Tests.Demo;

/// <summary>Every panel of every dashboard, asked as Grafana would with the token of who may see it.</summary>
[Category("Long")]
internal sealed partial class DashboardTests
{
    private const int StepSeconds = 15;

    // A rate needs two scrapes, so the first answers after a start can be empty; a safety net for a loaded machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly (string Caller, string Path)[] Tenants =
        [("acme", "tenants/acme/"), ("globex", "tenants/globex/"), ("initech", "tenants/initech/"), ("acme-web", "tenants/acme/")];

    private static IEnumerable<TestCaseData> Views() =>
        from dashboard in Dashboard.All
        from viewer in dashboard.IsForOperator ? [("operator", "")] : Tenants
        select new TestCaseData(dashboard, viewer.Item1, viewer.Item2).SetArgDisplayNames(dashboard.Name, viewer.Item1);

    [TestCaseSource(nameof(Views))]
    public async Task Each_panel_has_data(Dashboard dashboard, string caller, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(RunningDemo.Process.Query, path) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningDemo.Process.Token(caller));
        using var timeout = new CancellationTokenSource(Patience);
        List<string> faults = [];
        int asked = 0;

        await foreach (IReadOnlyDictionary<string, string> values in ChoicesAsync(client, dashboard, timeout.Token))
        {
            foreach (DashboardPanel panel in dashboard.Panels)
            {
                asked++;
                if (await FaultAsync(client, panel, values, timeout.Token) is { } fault)
                    faults.Add($"{panel.Title} ({values["namespace"]} {values["pod"]}): {fault}");
            }
        }

        Assert.That(asked, Is.Positive);
        Assert.That(faults, Is.Empty);
    }

    /// <summary>Values of the variables: each namespace where the dashboard has one to choose, each of two of its pods where it has that too.</summary>
    private static async IAsyncEnumerable<IReadOnlyDictionary<string, string>> ChoicesAsync(
        HttpClient client, Dashboard dashboard, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string> { ["__rate_interval"] = "1m0s", ["__range"] = "5m", ["namespace"] = "", ["pod"] = "" };
        JsonElement? namespaces = null, pods = null;
        foreach (JsonElement variable in dashboard.Variables.Skip(1))
        {
            string name = variable.GetProperty("name").GetString()!;
            if (name == "namespace")
                namespaces = variable;
            else if (name == "pod")
                pods = variable;
            else if (variable.GetProperty("type").ValueEquals("query"))
            {
                Assert.That(await ChoicesAsync(client, variable, values, cancellationToken), Is.Not.Empty, $"values of {name}");
                values[name] = variable.GetProperty("allValue").GetString()!;
            }
            else
                values[name] = variable.GetProperty("current").GetProperty("value").GetString()!;
        }
        if (namespaces is null)
        {
            yield return values;
            yield break;
        }
        string[] choices = await ChoicesAsync(client, namespaces.Value, values, cancellationToken);
        Assert.That(choices, Is.Not.Empty, "namespaces");
        foreach (string choice in choices)
        {
            values["namespace"] = choice;
            string[] running = [""];
            if (pods is { } variable)
            {
                // Pods that ended can be chosen too; they show nothing of now. The two oldest run on while the test asks.
                string[] known = await ChoicesAsync(client, variable, values, cancellationToken);
                running = await OldestPodsAsync(client, choice, cancellationToken);
                Assert.That(running, Is.Not.Empty.And.SubsetOf(known), $"pods of {choice}");
            }
            foreach (string pod in running)
            {
                values["pod"] = pod;
                yield return values;
            }
        }
    }

    /// <summary>What Grafana asks for <c>label_values(selector, label)</c>.</summary>
    private static async Task<string[]> ChoicesAsync(
        HttpClient client, JsonElement variable, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        Match query = LabelValues().Match(new PanelQuery(variable.GetProperty("query").GetProperty("query").GetString()!, false).With(values));
        Assert.That(query.Success, Is.True, variable.GetRawText());
        using JsonDocument answer = JsonDocument.Parse(await client.GetStringAsync(
            new Uri($"api/v1/label/{query.Groups["label"].Value}/values?match[]={Uri.EscapeDataString(query.Groups["selector"].Value)}", UriKind.Relative), cancellationToken));
        return [.. answer.RootElement.GetProperty("data").EnumerateArray().Select(value => value.GetString()!)];
    }

    private static async Task<string[]> OldestPodsAsync(HttpClient client, string ns, CancellationToken cancellationToken)
    {
        string query = $$"""bottomk(2, pod_start_time_seconds{namespace="{{ns}}"} and on (pod) container_memory_working_set_bytes{namespace="{{ns}}", container!=""})""";
        using JsonDocument answer = JsonDocument.Parse(
            await client.GetStringAsync(new Uri($"api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative), cancellationToken));
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(series => series.GetProperty("metric").GetProperty("pod").GetString()!)];
    }

    private static async Task<string?> FaultAsync(HttpClient client, DashboardPanel panel, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (true)
        {
            bool hasData = false;
            foreach (PanelQuery query in panel.Queries)
            {
                string text = query.With(values);
                (string? error, int points) = await AskAsync(client, text, query.IsInstant);
                if (error is not null)
                    return $"{text}: {error}";
                hasData |= points > 0;
            }
            if (hasData)
                return null;
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return "no data";
            }
        }
    }

    /// <returns>The error, or how many points that are numbers.</returns>
    private static async Task<(string? Error, int Points)> AskAsync(HttpClient client, string query, bool isInstant)
    {
        long end = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / StepSeconds * StepSeconds;
        string Seconds(long time) => time.ToString(CultureInfo.InvariantCulture);
        Dictionary<string, string> form = isInstant
            ? new() { ["query"] = query, ["time"] = Seconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()) }
            : new() { ["query"] = query, ["start"] = Seconds(end - 300), ["end"] = Seconds(end), ["step"] = Seconds(StepSeconds) };
        using var content = new FormUrlEncodedContent(form);
        using HttpResponseMessage response = await client.PostAsync(new Uri(isInstant ? "api/v1/query" : "api/v1/query_range", UriKind.Relative), content);
        string body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            return ($"{(int)response.StatusCode} {body}", 0);
        using JsonDocument answer = JsonDocument.Parse(body);
        JsonElement data = answer.RootElement.GetProperty("data");
        Assert.That(answer.RootElement.TryGetProperty("warnings", out JsonElement warnings), Is.False, $"{query}: {warnings}");
        return (null, data.GetProperty("result").EnumerateArray()
            .SelectMany(series => series.TryGetProperty("values", out JsonElement many) ? [.. many.EnumerateArray()] : new[] { series.GetProperty("value") })
            .Count(point => !point[1].ValueEquals("NaN")));
    }

    [GeneratedRegex(@"^label_values\((?<selector>.+), (?<label>[a-z_]+)\)$")]
    private static partial Regex LabelValues();
}
