using System.Net;
using Observability.Collector.Classification;

namespace Observability.Collector.Settings;

/// <summary>What must hold between settings, whoever made the options.</summary>
internal static class OptionsCheck
{
    /// <summary>Everything that is wrong, each naming its key; empty where all is well.</summary>
    internal static IReadOnlyList<string> Errors(CollectorOptions options)
    {
        var errors = new List<string>();
        if (options.Nodes.Count == 0)
            errors.Add("--node: at least one is needed.");
        foreach (IGrouping<string, NodeTarget> twice in options.Nodes.GroupBy(node => node.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            errors.Add($"--node: {twice.Key} stands twice.");
        foreach (NodeTarget node in options.Nodes)
            if (node.Kubelet.Scheme != Uri.UriSchemeHttps && !node.Kubelet.IsLoopback)
                errors.Add($"--node: {node.Name} must be https; http is taken on loopback only.");
        if (options.Aggregator is null)
            errors.Add("--aggregator: is needed.");
        else if (options.Aggregator.Scheme != Uri.UriSchemeHttps && !options.Aggregator.IsLoopback && !options.AggregatorInsecureHttp)
            errors.Add("--aggregator: must be https; http is taken on loopback, or with --aggregator-insecure-http.");
        if (options.ScrapeTimeout >= options.ScrapeInterval)
            errors.Add("--scrape-timeout: must be shorter than --scrape-interval.");
        if (options.SummaryInterval != TimeSpan.Zero && options.SummaryInterval.Ticks % options.ScrapeInterval.Ticks != 0)
            errors.Add("--summary-interval: must be a multiple of --scrape-interval, or 0s.");
        CheckFile(errors, "--kubelet-ca-file", options.KubeletCaFile);
        CheckFile(errors, "--kubelet-token-file", options.KubeletTokenFile);
        CheckFile(errors, "--aggregator-ca-file", options.AggregatorCaFile);
        CheckFile(errors, "--ingest-token-file", options.IngestTokenFile);
        if (options.KubeletInsecureTls && options.KubeletCaFile is not null)
            errors.Add("--kubelet-insecure-tls: contradicts --kubelet-ca-file.");
        if (options.Listen.Length > 0 && !IPEndPoint.TryParse(options.Listen, out _))
            errors.Add("--listen: is no ADDRESS:PORT.");
        errors.AddRange(FamilyList.Errors(options));
        return errors;
    }

    private static void CheckFile(List<string> errors, string key, string? file)
    {
        if (file is not null && !File.Exists(file))
            errors.Add($"{key}: {file} is not there.");
    }
}
