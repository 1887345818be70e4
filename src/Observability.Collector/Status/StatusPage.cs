using System.Globalization;
using System.Text;
using Observability.Collector.Classification;
using Observability.Collector.Kubelet;
using Observability.Protocol.V1;

namespace Observability.Collector.Status;

/// <summary>What the collector says of itself: <c>/metrics</c> in text format 0.0.4, and <c>/healthz</c>.</summary>
internal sealed class StatusPage(IReadOnlyList<NodeCollector> nodes, TimeSpan interval, TimeProvider time)
{
    /// <summary>Good scrapes no older than three intervals, and streams that are up.</summary>
    internal (bool Healthy, string Text) Health()
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        bool healthy = true;
        var text = new StringBuilder();
        foreach (NodeCollector node in nodes)
        {
            EndpointStatistics cadvisor = node.Statistics.Endpoints[(int)ScrapeEndpoint.Cadvisor];
            double ageSeconds = (nowMs - cadvisor.LastGoodMs) / 1000.0;
            bool fresh = cadvisor.LastGoodMs > 0 && ageSeconds <= 3 * interval.TotalSeconds;
            healthy &= fresh && node.Statistics.IsConnected;
            string scrape = cadvisor.LastGoodMs == 0 ? "never" : string.Create(CultureInfo.InvariantCulture, $"{ageSeconds:F1} s ago");
            text.Append(CultureInfo.InvariantCulture,
                $"node {node.Node.Name}: last good scrape {scrape}, stream {(node.Statistics.IsConnected ? "connected" : "not connected")}, waiting batches {node.State.Buffer.Count}\n");
        }
        return (healthy, (healthy ? "ok\n" : "not ok\n") + text);
    }

    internal string Metrics()
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var text = new StringBuilder();
        Family(text, "collector_scrapes_total", "counter", "Scrapes of an endpoint, by outcome.", (node, write) =>
        {
            ForEachEndpoint(node, (path, endpoint) =>
            {
                write($"endpoint=\"{path}\",outcome=\"good\"", endpoint.Good);
                foreach (ScrapeFault fault in Enum.GetValues<ScrapeFault>())
                    write($"endpoint=\"{path}\",outcome=\"{fault}\"", endpoint.FailedFor(fault));
            });
        });
        PerEndpoint(text, "collector_scrape_duration_seconds_total", "counter", "Time spent scraping.", endpoint => endpoint.TotalSeconds);
        PerEndpoint(text, "collector_scrape_last_duration_seconds", "gauge", "Duration of the last scrape.", endpoint => endpoint.LastSeconds);
        PerEndpoint(text, "collector_scrape_last_success_timestamp_seconds", "gauge", "When the last good scrape was due; 0: never.", endpoint => endpoint.LastGoodMs / 1000.0);
        PerEndpoint(text, "collector_scrape_bytes_total", "counter", "Uncompressed bytes read.", endpoint => endpoint.Bytes);
        Family(text, "collector_rows_total", "counter", "Rows of good scrapes, by outcome.", (node, write) => ForEachEndpoint(node, (path, endpoint) =>
        {
            write($"endpoint=\"{path}\",outcome=\"taken\"", endpoint.Taken);
            write($"endpoint=\"{path}\",outcome=\"skipped\"", endpoint.Skipped);
            write($"endpoint=\"{path}\",outcome=\"bad\"", endpoint.Bad);
        }));
        Family(text, "collector_rows_dropped_total", "counter", "Rows dropped when first seen, by reason.", (node, write) =>
        {
            foreach (DropReason reason in Enum.GetValues<DropReason>())
                if (node.DroppedRows(reason) is > 0 and var count)
                    write($"reason=\"{reason}\"", count);
        });
        Family(text, "collector_samples_dropped_total", "counter", "Samples of kept rows that were not sent, by reason.", (node, write) =>
        {
            foreach (DropReason reason in Enum.GetValues<DropReason>())
                if (node.Statistics.Dropped(reason) is > 0 and var count)
                    write($"reason=\"{reason}\"", count);
        });
        PerNode(text, "collector_samples_total", "counter", "Samples put into batches.", node => node.Statistics.Samples);
        PerNode(text, "collector_batches_total", "counter", "Batches made.", node => node.Statistics.Batches);
        PerNode(text, "collector_series_ended_total", "counter", "Series that ended or were defined anew.", node => node.Statistics.Ended);
        PerNode(text, "collector_series", "gauge", "Series at present.", node => Locked(node, () => node.State.Table.Count));
        PerNode(text, "collector_held_samples", "gauge", "Samples of pods that the directory does not have yet.", node => Locked(node, () => node.State.Table.HeldCount));
        PerNode(text, "collector_directory_pods", "gauge", "Pods of the node in the directory.", node => Locked(node, () => node.State.Directory.Count));
        PerNode(text, "collector_buffer_bytes", "gauge", "Bytes of unacknowledged batches.", node => node.State.Buffer.Bytes);
        PerNode(text, "collector_buffer_batches", "gauge", "Unacknowledged batches.", node => node.State.Buffer.Count);
        PerNode(text, "collector_buffer_oldest_seconds", "gauge", "Age of the oldest unacknowledged batch.",
            node => node.State.Buffer.OldestMs is { } oldest ? Math.Max(0, nowMs - oldest) / 1000.0 : 0);
        PerNode(text, "collector_lost_samples_total", "counter", "Samples given up because the buffer was full.", node => node.State.Buffer.LostSamples);
        PerNode(text, "collector_stream_connected", "gauge", "1 while the stream to the aggregator is up.", node => node.Statistics.IsConnected ? 1 : 0);
        PerNode(text, "collector_connects_total", "counter", "Streams that the aggregator greeted.", node => node.Statistics.Connects);
        Family(text, "collector_refused_series_total", "counter", "Series that the aggregator refused, by reason.", (node, write) =>
        {
            foreach (RefusalReason reason in Enum.GetValues<RefusalReason>())
                if (node.Statistics.RefusedFor(reason) is > 0 and var count)
                    write($"reason=\"{reason}\"", count);
        });
        return text.ToString();
    }

    private static double Locked(NodeCollector node, Func<int> read)
    {
        lock (node.State.Gate)
            return read();
    }

    private static void ForEachEndpoint(NodeCollector node, Action<string, EndpointStatistics> act)
    {
        for (int i = 0; i < (int)ScrapeEndpoint.Self; i++)
            act(((ScrapeEndpoint)i).Path(), node.Statistics.Endpoints[i]);
    }

    private void PerEndpoint(StringBuilder text, string name, string type, string help, Func<EndpointStatistics, double> value) =>
        Family(text, name, type, help, (node, write) => ForEachEndpoint(node, (path, endpoint) => write($"endpoint=\"{path}\"", value(endpoint))));

    private void PerNode(StringBuilder text, string name, string type, string help, Func<NodeCollector, double> value) =>
        Family(text, name, type, help, (node, write) => write("", value(node)));

    private void Family(StringBuilder text, string name, string type, string help, Action<NodeCollector, Action<string, double>> write)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (NodeCollector node in nodes)
        {
            string label = node.Node.Name.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            write(node, (labels, value) => text.Append(CultureInfo.InvariantCulture,
                $"{name}{{node=\"{label}\"{(labels.Length > 0 ? "," : "")}{labels}}} {value}\n"));
        }
    }
}
