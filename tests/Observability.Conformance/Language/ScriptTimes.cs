using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Conformance.Language;

/// <summary>Durations of scripts: <c>5m</c>, <c>1h30m</c>, <c>-10s</c>, <c>0</c>, <c>12.5</c> (seconds).</summary>
internal static partial class ScriptTimes
{
    public static long Milliseconds(string text, int line) =>
        TryMilliseconds(text, out long milliseconds) ? milliseconds : throw new ScriptException(line, $"{text} is no duration");

    public static bool TryMilliseconds(string text, out long milliseconds)
    {
        milliseconds = 0;
        Match match = Duration().Match(text);
        if (!match.Success)
        {
            bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
            milliseconds = isNumber ? (long)Math.Round(seconds * 1000) : 0;
            return isNumber;
        }
        for (int i = 0; i < match.Groups["count"].Captures.Count; i++)
        {
            milliseconds += long.Parse(match.Groups["count"].Captures[i].ValueSpan, CultureInfo.InvariantCulture) * match.Groups["unit"].Captures[i].Value switch
            {
                "ms" => 1,
                "s" => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                "w" => 604_800_000,
                _ => 31_536_000_000,
            };
        }
        if (text.StartsWith('-'))
            milliseconds = -milliseconds;
        return true;
    }

    [GeneratedRegex(@"^[+-]?(?:(?<count>[0-9]+)(?<unit>ms|[smhdwy]))+$")]
    private static partial Regex Duration();
}
