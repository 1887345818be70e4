using System.Globalization;

namespace Observability.Aggregator.Configuration;

/// <summary>Sizes as a whole number and a unit: <c>512MiB</c>, <c>10GiB</c>; <c>0</c> needs none.</summary>
internal static class ByteSizes
{
    private static readonly (string Suffix, long Unit)[] Units = [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        if (text == "0")
            return true;
        foreach ((string suffix, long unit) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            if (!long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long count) ||
                count > long.MaxValue / unit)
                return false;
            bytes = count * unit;
            return true;
        }
        return false;
    }

    public static string Format(long bytes)
    {
        if (bytes == 0)
            return "0";
        (string suffix, long unit) = Units.First(candidate => bytes % candidate.Unit == 0);
        return (bytes / unit).ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
