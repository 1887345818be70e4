using System.Globalization;
using Observability.PromQL.Histograms;

namespace Observability.Conformance.Language;

/// <summary>Reads <c>{{schema:0 sum:3 count:22 buckets:[1 2 0 4]}}</c>.</summary>
internal static class HistogramReader
{
    public static FloatHistogram Read(string text, ref int at, int line)
    {
        int end = text.IndexOf("}}", at, StringComparison.Ordinal);
        if (!text.AsSpan(at).StartsWith("{{") || end < 0)
            throw new ScriptException(line, $"no histogram at: {text[at..]}");
        Dictionary<string, string> fields = Fields(text[(at + 2)..end], line);
        at = end + 2;

        double Number(string name) => fields.TryGetValue(name, out string? value) ? ParseNumber(value, line) : 0;
        double[] List(string name) => fields.TryGetValue(name, out string? value)
            ? [.. value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(item => ParseNumber(item, line))] : [];
        return new FloatHistogram
        {
            Schema = (int)Number("schema"),
            Sum = Number("sum"),
            Count = Number("count"),
            ZeroCount = Number("z_bucket"),
            ZeroThreshold = Number("z_bucket_w"),
            Positive = SparseBuckets.FromDense((int)Number("offset"), List("buckets")),
            Negative = SparseBuckets.FromDense((int)Number("n_offset"), List("n_buckets")),
            CustomBounds = [.. List("custom_values")],
            CounterResetHint = fields.GetValueOrDefault("counter_reset_hint", "unknown") switch
            {
                "unknown" => CounterResetHint.Unknown,
                "reset" => CounterResetHint.Reset,
                "not_reset" => CounterResetHint.NotReset,
                "gauge" => CounterResetHint.Gauge,
                string other => throw new ScriptException(line, $"there is no counter_reset_hint {other}"),
            },
        };
    }

    /// <summary>Whether a literal says its hint: only then is it compared.</summary>
    public static bool SaysHint(string literal) => literal.Contains("counter_reset_hint", StringComparison.Ordinal);

    private static Dictionary<string, string> Fields(string body, int line)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        int at = 0;
        while (true)
        {
            while (at < body.Length && body[at] is ' ' or '\t')
                at++;
            if (at == body.Length)
                return fields;
            int colon = body.IndexOf(':', at);
            if (colon < 0)
                throw new ScriptException(line, $"no field of a histogram: {body[at..]}");
            string name = body[at..colon];
            if (name is not ("schema" or "sum" or "count" or "z_bucket" or "z_bucket_w" or "buckets" or "offset" or "n_buckets" or "n_offset" or
                "custom_values" or "counter_reset_hint"))
                throw new ScriptException(line, $"a histogram has no {name}");
            int end;
            string value;
            if (colon + 1 < body.Length && body[colon + 1] == '[')
            {
                end = body.IndexOf(']', colon);
                if (end < 0)
                    throw new ScriptException(line, $"{name} does not end");
                value = body[(colon + 2)..end++];
            }
            else
            {
                end = body.AsSpan(colon).IndexOfAny(' ', '\t') is var space and >= 0 ? colon + space : body.Length;
                value = body[(colon + 1)..end];
            }
            if (!fields.TryAdd(name, value))
                throw new ScriptException(line, $"{name} stands twice");
            at = end;
        }
    }

    private static double ParseNumber(string text, int line) =>
        SequenceReader.TryNumber(text, out double value) ? value : throw new ScriptException(line, string.Create(CultureInfo.InvariantCulture, $"{text} is no number"));
}
