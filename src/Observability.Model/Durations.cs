using System.Globalization;

namespace Observability.Model;

/// <summary>Durations as Prometheus writes them, one number and one unit: <c>500ms</c>, <c>15s</c>, <c>5m</c>, <c>2h</c>, <c>15d</c>.</summary>
public static class Durations
{
    private static readonly (string Suffix, TimeSpan Unit)[] Units =
        [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        foreach ((string suffix, TimeSpan unit) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal) &&
                int.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count) &&
                count <= TimeSpan.MaxValue / unit)
            {
                duration = unit * count;
                return true;
            }
        }
        duration = default;
        return false;
    }

    public static string Format(TimeSpan duration)
    {
        (string suffix, TimeSpan unit) = Units.Last(candidate => duration.Ticks % candidate.Unit.Ticks == 0 || candidate.Suffix == "ms");
        return (duration.Ticks / unit.Ticks).ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
