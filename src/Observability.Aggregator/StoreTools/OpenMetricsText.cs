using System.Buffers;
using System.Globalization;
using Observability.Model;

namespace Observability.Aggregator.StoreTools;

/// <summary>
/// Writes series as OpenMetrics text: families of type unknown, each sample with its time in seconds, values in the fewest digits that read
/// back to the same number. Stale markers have no form there and are left out. A name that is not of the old character set is quoted.
/// </summary>
internal sealed class OpenMetricsText(TextWriter output)
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:");

    private string? _family;

    /// <summary>Series of one metric name must follow each other.</summary>
    /// <returns>Samples written.</returns>
    public long Write(LabelSet labels, SampleColumns samples)
    {
        string name = labels.MetricName;
        if (!string.Equals(name, _family, StringComparison.Ordinal))
        {
            output.Write("# TYPE ");
            output.Write(IsPlain(name, colons: true) ? name : Quoted(name));
            output.Write(" unknown\n");
            _family = name;
        }
        string key = Key(labels);
        long written = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            double value = samples.Values[i];
            if (StaleMarker.Is(value))
                continue;
            output.Write(key);
            output.Write(' ');
            output.Write(Number(value));
            output.Write(' ');
            output.Write(Seconds(samples.TimestampsMs[i]));
            output.Write('\n');
            written++;
        }
        return written;
    }

    public void End() => output.Write("# EOF\n");

    private static string Key(LabelSet labels)
    {
        string name = labels.MetricName;
        bool isPlain = IsPlain(name, colons: true);
        IEnumerable<string> parts = labels.Where(label => !string.Equals(label.Name, LabelNames.MetricName, StringComparison.Ordinal))
            .Select(label => (IsPlain(label.Name, colons: false) ? label.Name : Quoted(label.Name)) + "=" + Quoted(label.Value));
        if (!isPlain)
            parts = parts.Prepend(Quoted(name));
        string inside = string.Join(',', parts);
        return (isPlain ? name : "") + (inside.Length > 0 ? "{" + inside + "}" : "");
    }

    private static bool IsPlain(string name, bool colons) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(NameCharacters) && (colons || !name.Contains(':', StringComparison.Ordinal));

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>Written from the whole number of milliseconds, so that none is lost to rounding.</summary>
    private static string Seconds(long timestampMs)
    {
        (long seconds, long rest) = Math.DivRem(Math.Abs(timestampMs), 1000);
        return string.Create(CultureInfo.InvariantCulture, $"{(timestampMs < 0 ? "-" : "")}{seconds}.{rest:D3}");
    }
}
