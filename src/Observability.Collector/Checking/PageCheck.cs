using System.IO.Compression;
using System.Text.Json;
using Observability.Collector.Classification;
using Observability.Collector.Kubelet;
using Observability.Collector.Settings;
using Observability.Exposition;

namespace Observability.Collector.Checking;

/// <summary><c>collector check</c>: reads one page and says, per family, which rows are kept and which are dropped, and why. Without a directory every pod counts as known.</summary>
internal static class PageCheck
{
    internal const string Usage = "collector check FILE|URL [--json] [--token-file FILE] [--ca-file FILE] [--families-add NAME:TYPE] [--families-remove NAME] [--resource-pods]";

    /// <returns>0 read; 1 the page cannot be read; 2 wrong arguments.</returns>
    internal static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var options = new CollectorOptions();
        string? source = null;
        bool json = false;
        for (int i = 0; i < args.Count; i++)
        {
            string? value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--resource-pods":
                    options.ResourcePods = true;
                    break;
                case "--token-file" when value is not null:
                    options.KubeletTokenFile = args[++i];
                    break;
                case "--ca-file" when value is not null:
                    options.KubeletCaFile = args[++i];
                    break;
                case "--families-add" when value is not null:
                    options.FamiliesAdd.Add(args[++i]);
                    break;
                case "--families-remove" when value is not null:
                    options.FamiliesRemove.Add(args[++i]);
                    break;
                case var argument when source is null && !argument.StartsWith('-'):
                    source = argument;
                    break;
                default:
                    await errors.WriteLineAsync($"{args[i]}: unknown or without its value. {Usage}");
                    return 2;
            }
        }
        string[] wrong = [.. FamilyList.Errors(options)];
        if (source is null || wrong.Length > 0)
        {
            await errors.WriteLineAsync(source is null ? Usage : string.Join('\n', wrong));
            return 2;
        }
        try
        {
            byte[] page = await ReadAsync(source, options, cancellationToken);
            PageReport report = Check(page, options, source.Contains("resource", StringComparison.Ordinal) ? ScrapeEndpoint.Resource : ScrapeEndpoint.Cadvisor);
            await output.WriteLineAsync(json ? report.ToJson() : report.ToText());
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ScrapeException)
        {
            await errors.WriteLineAsync($"{source}: {exception.Message}");
            return 1;
        }
    }

    /// <summary>Judges every row of a page.</summary>
    internal static PageReport Check(ReadOnlySpan<byte> page, CollectorOptions options, ScrapeEndpoint endpoint)
    {
        var classifier = new RowClassifier(new FamilyList(options), endpoint);
        var families = new SortedDictionary<string, FamilyReport>(StringComparer.Ordinal);
        var bad = new List<BadRow>();
        var reader = new ExpositionReader(page, ExpositionFormat.Text);
        while (reader.Read())
        {
            if (reader.Kind == EntryKind.BadRow)
                bad.Add(new BadRow(reader.Line, reader.Fault.ToString()));
            if (reader.Kind != EntryKind.Series)
                continue;
            SeriesRow row = reader.Series;
            string name = System.Text.Encoding.UTF8.GetString(row.Name);
            if (!families.TryGetValue(name, out FamilyReport? family))
                families.Add(name, family = new FamilyReport());
            family.Rows++;
            DropReason drop = classifier.Classify(row).Drop;
            if (drop == DropReason.None)
                family.Kept++;
            else
                family.Dropped[drop.ToString()] = family.Dropped.GetValueOrDefault(drop.ToString()) + 1;
        }
        return new PageReport(families, bad, reader.PageFault == PageFault.None ? null : reader.PageFault.ToString());
    }

    private static async Task<byte[]> ReadAsync(string source, CollectorOptions options, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            await using FileStream file = File.OpenRead(source);
            return await ReadAllAsync(source.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file, options, cancellationToken);
        }
        using var kubelet = new KubeletClient(address, options);
        using HttpResponseMessage response = await kubelet.GetAsync(address.PathAndQuery, "text/plain;version=0.0.4", cancellationToken);
        return await ReadAllAsync(await response.Content.ReadAsStreamAsync(cancellationToken), options, cancellationToken);
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, CollectorOptions options, CancellationToken cancellationToken)
    {
        await using (stream)
        {
            using var page = new MemoryStream();
            byte[] chunk = new byte[64 << 10];
            while (await stream.ReadAsync(chunk, cancellationToken) is var length and > 0)
            {
                page.Write(chunk, 0, length);
                if (page.Length > options.MaxPageBytes)
                    throw new ScrapeException(ScrapeFault.TooLarge, "The page is too large.");
            }
            return page.ToArray();
        }
    }
}

/// <summary>What <c>--json</c> prints.</summary>
internal sealed record PageReport(SortedDictionary<string, FamilyReport> Families, List<BadRow> BadRows, string? PageFault)
{
    internal string ToText()
    {
        var text = new System.Text.StringBuilder("rows\tkept\tfamily\tdropped\n");
        foreach ((string name, FamilyReport family) in Families)
            text.Append(family.Rows).Append('\t').Append(family.Kept).Append('\t').Append(name).Append('\t')
                .AppendJoin(", ", family.Dropped.Select(drop => $"{drop.Key} {drop.Value}")).Append('\n');
        text.Append(Families.Values.Sum(family => family.Rows)).Append('\t').Append(Families.Values.Sum(family => family.Kept)).Append("\tall families\n");
        foreach (BadRow row in BadRows)
            text.Append("line ").Append(row.Line).Append(": ").Append(row.Reason).Append('\n');
        if (PageFault is not null)
            text.Append("page: ").Append(PageFault).Append('\n');
        return text.ToString().TrimEnd();
    }

    // Written by hand: a serializer for one record is half a megabyte of the program.
    internal string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject("families");
            foreach ((string name, FamilyReport family) in Families)
            {
                json.WriteStartObject(name);
                json.WriteNumber("rows", family.Rows);
                json.WriteNumber("kept", family.Kept);
                json.WriteStartObject("dropped");
                foreach ((string reason, int rows) in family.Dropped)
                    json.WriteNumber(reason, rows);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteStartArray("badRows");
            foreach (BadRow row in BadRows)
            {
                json.WriteStartObject();
                json.WriteNumber("line", row.Line);
                json.WriteString("reason", row.Reason);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("pageFault", PageFault);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}

internal sealed record BadRow(int Line, string Reason);

internal sealed record FamilyReport
{
    public int Rows { get; set; }

    public int Kept { get; set; }

    public SortedDictionary<string, int> Dropped { get; } = new(StringComparer.Ordinal);
}
