using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;
using Observability.PromQL.Histograms;

namespace Observability.Conformance.Language;

/// <summary>Reads sequences of values: <c>1 _ _x3 0+10x5 stale {{sum:1 count:2}}x4</c>.</summary>
internal static partial class SequenceReader
{
    private const int MaxTimes = 100_000;

    public static List<DescribedValue> Values(string text, int line)
    {
        List<DescribedValue> values = [];
        for (int at = SkipSpaces(text, 0); at < text.Length; at = SkipSpaces(text, at))
            at = text[at..].StartsWith("{{", StringComparison.Ordinal) ? ReadHistograms(text, at, values, line) : ReadNumbers(text, at, values, line);
        return values;
    }

    /// <summary>Start timestamps, as offsets from their samples: <c>_ _x2 -1m -30s-1mx3 *x2</c>; a star repeats the one before.</summary>
    public static List<long?> StartOffsets(string text, int line)
    {
        List<long?> offsets = [];
        foreach (string item in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            Match match = StartItem().Match(item);
            if (!match.Success)
                throw new ScriptException(line, $"{item} is no start timestamp");
            int times = Times(match, line);
            if (match.Groups["same"].Success)
            {
                offsets.AddRange(Enumerable.Repeat<long?>(offsets.LastOrDefault(offset => offset is not null) ?? 0, times + 1));
                continue;
            }
            if (match.Groups["none"].Success)
            {
                offsets.AddRange(Enumerable.Repeat<long?>(null, Math.Max(1, times)));
                continue;
            }
            long first = ScriptTimes.Milliseconds(match.Groups["first"].Value, line);
            long rise = match.Groups["rise"].Success ? ScriptTimes.Milliseconds(match.Groups["rise"].Value, line) : 0;
            for (int i = 0; i <= times; i++)
                offsets.Add(first + (rise * i));
        }
        return offsets;
    }

    /// <summary>A number as the test language writes it: also hexadecimal, <c>Inf</c>, <c>NaN</c> and durations.</summary>
    public static bool TryNumber(string text, out double value)
    {
        bool isNegative = text.StartsWith('-');
        string digits = text.TrimStart('+', '-').Replace("_", "", StringComparison.Ordinal);
        if (text.Length - digits.Length > 1 && !text.Contains('_', StringComparison.Ordinal))
        {
            value = 0;
            return false;
        }
        bool isNumber = true;
        if (string.Equals(digits, "inf", StringComparison.OrdinalIgnoreCase))
            value = double.PositiveInfinity;
        else if (string.Equals(digits, "nan", StringComparison.OrdinalIgnoreCase))
            value = double.NaN;
        else if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            isNumber = long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex);
            value = hex;
        }
        else if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value))
        {
            isNumber = ScriptTimes.TryMilliseconds(digits, out long milliseconds);
            value = milliseconds / 1000.0;
        }
        if (isNegative)
            value = -value;
        return isNumber;
    }

    private static int ReadNumbers(string text, int at, List<DescribedValue> values, int line)
    {
        Match match = NumberItem().Match(text, at);
        if (!match.Success)
            throw new ScriptException(line, $"no value at: {text[at..]}");
        int times = Times(match, line);
        if (match.Groups["none"].Success)
            values.AddRange(Enumerable.Repeat(DescribedValue.None, match.Groups["times"].Success ? times : 1));
        else if (match.Groups["stale"].Success)
            values.AddRange(Enumerable.Repeat(DescribedValue.Of(StaleMarker.Value), times + 1));
        else
        {
            if (!TryNumber(match.Groups["first"].Value, out double value))
                throw new ScriptException(line, $"{match.Groups["first"].Value} is no number");
            double rise = 0;
            if (match.Groups["rise"].Success && !TryNumber(match.Groups["rise"].Value, out rise))
                throw new ScriptException(line, $"{match.Groups["rise"].Value} is no number");
            for (int i = 0; i <= times; i++, value += rise)
                values.Add(DescribedValue.Of(value));
        }
        return at + match.Length;
    }

    private static int ReadHistograms(string text, int at, List<DescribedValue> values, int line)
    {
        int start = at;
        FloatHistogram current = HistogramReader.Read(text, ref at, line);
        bool saysHint = HistogramReader.SaysHint(text[start..at]);
        FloatHistogram? change = null;
        bool subtract = false;
        if (at < text.Length && text[at] is '+' or '-')
        {
            subtract = text[at++] == '-';
            change = HistogramReader.Read(text, ref at, line);
        }
        Match match = TimesItem().Match(text, at);
        int times = match.Success ? Times(match, line) : 0;
        values.Add(DescribedValue.Of(current, saysHint));
        for (int i = 0; i < times; i++)
        {
            if (change is not null)
            {
                if (current.Schema > change.Schema)
                    throw new ScriptException(line, "a histogram cannot change by one of a lower schema");
                if (!(subtract ? current.TrySubtract(change, out HistogramSum sum) : current.TryAdd(change, out sum)))
                    throw new ScriptException(line, "exponential and custom buckets do not add up");
                current = sum.Histogram;
            }
            values.Add(DescribedValue.Of(current, saysHint));
        }
        return at + (match.Success ? match.Length : 0);
    }

    private static int Times(Match match, int line)
    {
        if (!match.Groups["times"].Success)
            return 0;
        int times = int.Parse(match.Groups["times"].Value, CultureInfo.InvariantCulture);
        return times <= MaxTimes ? times : throw new ScriptException(line, $"a sequence of more than {MaxTimes} values");
    }

    private static int SkipSpaces(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        return at;
    }

    // No hexadecimal numbers: 1+0x10 is a change of 0, ten times.
    private const string Number = @"(?:(?:[0-9]+(?:ms|[smhdwy]))+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[iI][nN][fF]|[nN][aA][nN])";

    [GeneratedRegex(@"\G(?:(?<none>_)|(?<stale>stale)|(?<first>[+-]?" + Number + @")(?<rise>[+-]" + Number + @")?)(?:x(?<times>[0-9]+))?(?=\s|$)")]
    private static partial Regex NumberItem();

    [GeneratedRegex(@"\Gx(?<times>[0-9]+)(?=\s|$)")]
    private static partial Regex TimesItem();

    [GeneratedRegex(@"^(?:(?<none>_)|(?<same>\*)|(?<first>[+-]?(?:0|(?:[0-9]+(?:ms|[smhdwy]))+))(?<rise>[+-](?:0|(?:[0-9]+(?:ms|[smhdwy]))+))?)(?:x(?<times>[0-9]+))?$")]
    private static partial Regex StartItem();
}
