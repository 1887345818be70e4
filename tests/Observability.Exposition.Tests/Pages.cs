using System.Globalization;
using System.Text;

namespace Observability.Exposition.Tests;

/// <summary>Reads pages into lines that a test can compare.</summary>
internal static class Pages
{
    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    internal static string[] ReadText(string page, ExpositionLimits? limits = null) => Read(Utf8(page), ExpositionFormat.Text, limits).Entries;

    internal static string[] ReadOpenMetrics(string page, ExpositionLimits? limits = null) =>
        Read(Utf8(page), ExpositionFormat.OpenMetrics, limits).Entries;

    /// <summary>One line per entry, and what is wrong with the page.</summary>
    internal static (string[] Entries, PageFault Fault) Read(byte[] page, ExpositionFormat format, ExpositionLimits? limits = null)
    {
        var entries = new List<string>();
        var reader = new ExpositionReader(page, format, limits);
        while (reader.Read())
        {
            entries.Add(reader.Kind switch
            {
                EntryKind.Series => Shown(reader.Series),
                EntryKind.Type => $"TYPE {Text(reader.Family)} {reader.Type}",
                EntryKind.Help => $"HELP {Text(reader.Family)} [{Text(reader.Text)}]",
                EntryKind.Unit => $"UNIT {Text(reader.Family)} [{Text(reader.Text)}]",
                EntryKind.Comment => $"COMMENT {Text(reader.Text)}",
                EntryKind.BadRow => $"BAD {reader.Fault} line {reader.Line}",
                _ => reader.Kind.ToString(),
            });
        }
        return ([.. entries], reader.PageFault);
    }

    /// <summary>Such as <c>up{job=kubelet} 1 @1700000000000 Gauge</c>, unescaped.</summary>
    internal static string Shown(in SeriesRow row)
    {
        var text = new StringBuilder(Text(row.Name));
        text.Append('{').Append(Shown(row.Labels)).Append("} ").Append(Shown(row.Value));
        if (row.TimestampMs != SeriesRow.NoTimestamp) text.Append(CultureInfo.InvariantCulture, $" @{row.TimestampMs}");
        if (row.Type != MetricType.Untyped) text.Append(' ').Append(row.Type);
        if (row.HasExemplar)
        {
            text.Append(" # {").Append(Shown(row.Exemplar.Labels)).Append("} ").Append(Shown(row.Exemplar.Value));
            if (row.Exemplar.TimestampMs != SeriesRow.NoTimestamp) text.Append(CultureInfo.InvariantCulture, $" @{row.Exemplar.TimestampMs}");
        }
        return text.ToString();
    }

    internal static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static string Shown(LabelEnumerator labels)
    {
        var parts = new List<string>();
        foreach (LabelText label in labels) parts.Add($"{Text(label.Name)}={Text(label.Value)}");
        return string.Join(',', parts);
    }

    private static string Shown(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
