using System.Text;
using Observability.Aggregator.PrometheusApi.Json;
using Observability.Model;

namespace Observability.Aggregator.PrometheusApi.Federation;

/// <summary>Lines of exposition text 0.0.4. A name beyond letters, digits and underscores stands in quotes within the braces, as in Prometheus 3.</summary>
internal static class ExpositionText
{
    public static void WriteType(TextBuffer text, string metric, string type)
    {
        text.Raw("# TYPE "u8);
        WriteName(text, metric, colons: true);
        text.Raw((byte)' ');
        Write(text, type);
        text.Raw((byte)'\n');
    }

    /// <summary><c>up{job="kubelet",instance="n1"} 1 1609746000000</c></summary>
    public static void WriteSample(TextBuffer text, LabelSet labels, Sample sample)
    {
        string metric = labels.MetricName;
        bool plain = IsPlain(metric, colons: true);
        if (plain)
            Write(text, metric);
        text.Raw((byte)'{');
        bool first = plain; // a quoted name stands before the labels, within the braces
        if (!plain)
            WriteQuoted(text, metric);
        bool hasInstance = false;
        foreach (Label label in labels.AsSpan())
        {
            if (label.Name == LabelNames.MetricName)
                continue;
            hasInstance |= label.Name == LabelNames.Instance;
            WriteLabel(text, label.Name, label.Value, ref first);
        }
        // Empty where it is absent: the scraping side would otherwise put our own address there.
        if (!hasInstance)
            WriteLabel(text, LabelNames.Instance, "", ref first);
        text.Raw("} "u8);
        text.Advance(NumberText.WriteExposition(sample.Value, text.GetSpan(NumberText.MaxBytes)));
        text.Raw((byte)' ');
        text.Whole(sample.TimestampMs);
        text.Raw((byte)'\n');
    }

    private static void WriteLabel(TextBuffer text, string name, string value, ref bool first)
    {
        if (!first)
            text.Raw((byte)',');
        first = false;
        WriteName(text, name, colons: false);
        text.Raw((byte)'=');
        WriteQuoted(text, value);
    }

    private static void WriteName(TextBuffer text, string name, bool colons)
    {
        if (IsPlain(name, colons))
            Write(text, name);
        else
            WriteQuoted(text, name);
    }

    private static void WriteQuoted(TextBuffer text, string value)
    {
        text.Raw((byte)'"');
        ReadOnlySpan<char> rest = value;
        while (rest.IndexOfAny('\\', '"', '\n') is var at and >= 0)
        {
            Write(text, rest[..at]);
            text.Raw(rest[at] switch { '\\' => "\\\\"u8, '"' => "\\\""u8, _ => "\\n"u8 });
            rest = rest[(at + 1)..];
        }
        Write(text, rest);
        text.Raw((byte)'"');
    }

    private static void Write(TextBuffer text, ReadOnlySpan<char> characters) =>
        text.Advance(Encoding.UTF8.GetBytes(characters, text.GetSpan(Encoding.UTF8.GetMaxByteCount(characters.Length))));

    private static bool IsPlain(string name, bool colons)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(colons && c == ':'))
                return false;
        }
        return name.Length > 0 && !char.IsAsciiDigit(name[0]);
    }
}
