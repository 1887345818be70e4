using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Observability.Benchmarks.SideBySide;

/// <summary>
/// The same data and the eight queries of a dashboard's life, asked of this product, of Prometheus and of VictoriaMetrics, one after the other:
/// as one of the tenants, and as the operator over all. Prints a table of medians.
/// </summary>
internal static class SideBySideRun
{
    private const string Usage = "side-by-side [--series 100000] [--tenants 30] [--minutes 360] [--runs 20] [--folder DIR] [--only NAME] [--output FILE]";
    private const string MeasuredTenant = "t07";
    private const int WarmUps = 30;

    // A query that takes long is warm before it was asked so often.
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] arguments)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal)
        {
            ["--series"] = "100000", ["--tenants"] = "30", ["--minutes"] = "360", ["--runs"] = "20", ["--end"] = "", ["--serve"] = "", ["--only"] = "", ["--output"] = "",
            ["--folder"] = Path.Combine(Path.GetTempPath(), "observability-side-by-side"),
        };
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || !options.ContainsKey(arguments[i]))
            {
                await Console.Error.WriteLineAsync(Usage);
                return 2;
            }
            options[arguments[i]] = arguments[i + 1];
        }
        int Number(string name) => int.Parse(options[name], CultureInfo.InvariantCulture);
        DateTimeOffset end = options["--end"].Length > 0
            ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(options["--end"], CultureInfo.InvariantCulture)) : TimeProvider.System.GetUtcNow();
        var workload = new Workload(Number("--series"), Number("--tenants"), TimeSpan.FromMinutes(Number("--minutes")), end);
        if (options["--serve"].Length > 0)
            return await OwnServer.ServeAsync(workload, options["--serve"], options["--folder"]);

        string folder = options["--folder"];
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        string[] same = ["--series", options["--series"], "--tenants", options["--tenants"], "--minutes", options["--minutes"], "--end", workload.EndMs.ToString(CultureInfo.InvariantCulture)];
        (string Name, Func<Task<Contender>> Start)[] contenders =
        [
            ("this product", () => Contender.OwnAsync(same, MeasuredTenant, Path.Combine(folder, "own"))),
            ("Prometheus", () => Contender.PrometheusAsync(workload, MeasuredTenant, Path.Combine(folder, "prometheus"))),
            ("VictoriaMetrics", () => Contender.VictoriaMetricsAsync(workload, MeasuredTenant, Path.Combine(folder, "victoria-metrics"))),
        ];
        var measured = new List<Measurement>();
        foreach ((string name, Func<Task<Contender>> start) in contenders.Where(contender => options["--only"].Length == 0 || contender.Name == options["--only"]))
        {
            await using Contender contender = await start();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: loaded in {contender.Loading.TotalSeconds:F1} s, {contender.ResidentBytes >> 20} MiB resident"));
            foreach (MeasuredQuery query in MeasuredQuery.All)
            {
                measured.Add(await MeasureAsync(contender, query, isTenant: true, workload, Number("--runs")));
                measured.Add(await MeasureAsync(contender, query, isTenant: false, workload, Number("--runs")));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {contender.ResidentBytes >> 20} MiB resident after the queries"));
        }
        Directory.Delete(folder, recursive: true);
        string table = Table(measured, workload, Number("--runs"));
        Console.WriteLine(table);
        if (options["--output"].Length > 0)
            await File.WriteAllTextAsync(options["--output"], table);
        return 0;
    }

    private static async Task<Measurement> MeasureAsync(Contender contender, MeasuredQuery query, bool isTenant, Workload workload, int runs)
    {
        (HttpClient client, string matcher) = isTenant ? contender.Tenant : (contender.Operator, "");
        var times = new List<double>(runs);
        byte[] body = [];
        long begun = Stopwatch.GetTimestamp();
        for (int run = -WarmUps; run < runs; run++)
        {
            if (run < -1 && Stopwatch.GetElapsedTime(begun) > LongestWarmUp)
                run = -1;
            using HttpRequestMessage request = query.Request(matcher, workload, contender.Extra);
            long began = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await client.SendAsync(request);
            body = await answer.Content.ReadAsByteArrayAsync();
            if (!answer.IsSuccessStatusCode)
                return new Measurement(contender.Name, query, isTenant, double.NaN, double.NaN, null, Encoding.UTF8.GetString(body, 0, Math.Min(200, body.Length)));
            if (run >= 0)
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        times.Sort();
        return new Measurement(contender.Name, query, isTenant, times[times.Count / 2], times[(int)(times.Count * 0.95)], ComparedAnswer.Parse(body), null);
    }

    private static string Table(List<Measurement> measured, Workload workload, int runs)
    {
        string[] names = [.. measured.Select(one => one.Contender).Distinct()];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{workload.Labels.Count} series, {workload.Rows} samples each, {workload.Tenants} tenants; median and 95th percentile of {runs} runs in ms; ");
        text.AppendLine("points that differ by more than 1e-9 from this product's: VictoriaMetrics' rate does not extrapolate, and query 7's");
        text.AppendLine("subquery has one step more in Prometheus 2, whose windows are closed on the left.");
        text.AppendLine();
        text.Append("| query | as |");
        foreach (string name in names)
            text.Append(CultureInfo.InvariantCulture, $" {name} | differ |");
        text.AppendLine().Append("|---|---|");
        foreach (string _ in names)
            text.Append("---|---|");
        text.AppendLine();
        foreach (IGrouping<(string, bool), Measurement> row in measured.GroupBy(one => (one.Query.Name, one.IsTenant)))
        {
            ComparedAnswer? own = row.First().Answer;
            text.Append(CultureInfo.InvariantCulture, $"| {row.Key.Item1.Replace("|", "\\|", StringComparison.Ordinal)} | {(row.Key.Item2 ? "tenant" : "operator")} |");
            foreach (Measurement one in row)
            {
                text.Append(one.Answer is null ? $" {one.Error} |  |" : string.Create(CultureInfo.InvariantCulture,
                    $" {one.MedianMs:F2} / {one.NinetyFifthMs:F2} | {(own is null ? "" : $"{one.Answer.DifferencesFrom(own)} of {own.Points}")} |"));
            }
            text.AppendLine();
        }
        return text.ToString();
    }

    private sealed record Measurement(string Contender, MeasuredQuery Query, bool IsTenant, double MedianMs, double NinetyFifthMs, ComparedAnswer? Answer, string? Error);
}
