using System.Globalization;
using System.Text;

namespace Observability.PromQL.Histograms;

internal static class HistogramText
{
    /// <summary>A float as Go's <c>%g</c>: shortest digits, with an exponent below 1e-4 and from 1e6 on.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (value == 0 || Math.Abs(value) is >= 1e-4 and < 1e6)
            return shortest;
        string text = value.ToString("E16", CultureInfo.InvariantCulture);
        int exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Scientific(shortest, exponent);
    }

    public static string Write(FloatHistogram histogram)
    {
        var text = new StringBuilder("{count:").Append(Format(histogram.Count)).Append(", sum:").Append(Format(histogram.Sum));
        foreach (HistogramBucket bucket in histogram.LayoutBuckets())
        {
            if (bucket.Count != 0)
                text.Append(", ").Append(bucket);
        }
        return text.Append('}').ToString();
    }

    private static string Scientific(string shortest, int exponent)
    {
        string sign = shortest[0] == '-' ? "-" : "";
        int e = shortest.IndexOf('E', StringComparison.Ordinal);
        string digits = (e < 0 ? shortest : shortest[..e])[sign.Length..].Replace(".", "", StringComparison.Ordinal).Trim('0');
        string mantissa = digits.Length <= 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
