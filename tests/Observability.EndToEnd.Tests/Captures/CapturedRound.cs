using System.Text.Json;

namespace Observability.EndToEnd.Tests.Captures;

/// <summary>What a real kubelet said at one moment: the pages of one scrape round.</summary>
internal sealed record CapturedRound
{
    public required int Number { get; init; }

    /// <summary>When the cAdvisor page was asked for.</summary>
    public required DateTimeOffset ScrapedAt { get; init; }

    public required byte[] Cadvisor { get; init; }

    public required byte[] Resource { get; init; }

    public required byte[] Summary { get; init; }

    /// <summary>The kubelet's PodList: a static pod has its config hash as UID there.</summary>
    public required JsonElement Pods { get; init; }

    /// <summary>All rounds in order. Ignores the test, with the reason, where the folder is absent.</summary>
    public static IReadOnlyList<CapturedRound> ReadAll() =>
        [.. CaptureFolder.Rounds.Select(Read)];

    private static CapturedRound Read(string folder)
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        double scrapedAt = index.RootElement.EnumerateArray()
            .First(entry => entry.GetProperty("file").GetString() == "metrics_cadvisor.txt.gz").GetProperty("t_start").GetDouble();
        using JsonDocument pods = JsonDocument.Parse(CaptureFolder.Unzip(Path.Combine(folder, "pods.json.gz")));
        return new CapturedRound
        {
            Number = int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture),
            ScrapedAt = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(scrapedAt),
            Cadvisor = CaptureFolder.Unzip(Path.Combine(folder, "metrics_cadvisor.txt.gz")),
            Resource = CaptureFolder.Unzip(Path.Combine(folder, "metrics_resource.txt.gz")),
            Summary = CaptureFolder.Unzip(Path.Combine(folder, "stats_summary.json.gz")),
            Pods = pods.RootElement.Clone(),
        };
    }
}
