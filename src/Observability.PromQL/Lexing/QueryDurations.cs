using System.Globalization;
using System.Text;

namespace Observability.PromQL.Lexing;

/// <summary>Durations as a query writes them: units from years to milliseconds, largest first, each at most once.</summary>
public static class QueryDurations
{
    private const long Second = 1_000_000_000;

    private static readonly (string Unit, long Nanoseconds)[] Units =
    [
        ("y", 365 * 24 * 3600 * Second), ("w", 7 * 24 * 3600 * Second), ("d", 24 * 3600 * Second), ("h", 3600 * Second), ("m", 60 * Second),
        ("s", Second), ("ms", Second / 1000),
    ];

    /// <param name="text">Digits and letters: <c>1h30m</c>.</param>
    /// <param name="seconds">Multiples of 1 ms.</param>
    /// <param name="error">In Prometheus' words.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out double seconds, out string error)
    {
        seconds = 0;
        error = "";
        ReadOnlySpan<char> rest = text;
        ulong sum = 0;
        int last = -1;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !ulong.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out ulong count))
                return Invalid(text, out error);
            rest = rest[digits..];
            int letters = rest.IndexOfAnyInRange('0', '9');
            ReadOnlySpan<char> name = letters < 0 ? rest : rest[..letters];
            rest = rest[name.Length..];

            int unit = IndexOf(name);
            if (unit < 0)
            {
                error = $"unknown unit {GoStrings.Quote(name.ToString())} in duration {GoStrings.Quote(text.ToString())}";
                return false;
            }
            if (unit <= last)
                return Invalid(text, out error);
            last = unit;
            ulong size = (ulong)Units[unit].Nanoseconds;
            if (count > (1ul << 63) / size || (sum += count * size) > long.MaxValue)
            {
                error = "duration out of range";
                return false;
            }
        }
        if (last < 0)
            return Invalid(text, out error);
        seconds = sum / Second + sum % Second / 1e9;
        return true;
    }

    /// <summary>As <c>model.Duration</c> prints: <c>1h30m</c>; whole years and weeks only where nothing remains; milliseconds are the least.</summary>
    public static void Append(StringBuilder text, long milliseconds)
    {
        if (milliseconds == 0)
        {
            text.Append("0s");
            return;
        }
        for (int i = 0; i < Units.Length; i++)
        {
            long size = Units[i].Nanoseconds / 1_000_000;
            if (i < 2 && milliseconds % size != 0)
                continue;
            long count = milliseconds / size;
            if (count > 0)
                text.Append(CultureInfo.InvariantCulture, $"{count}{Units[i].Unit}");
            milliseconds %= size;
        }
    }

    private static int IndexOf(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < Units.Length; i++)
        {
            if (name.SequenceEqual(Units[i].Unit))
                return i;
        }
        return -1;
    }

    private static bool Invalid(ReadOnlySpan<char> text, out string error)
    {
        error = $"not a valid duration string: {GoStrings.Quote(text.ToString())}";
        return false;
    }
}
