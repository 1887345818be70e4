using System.Globalization;
using System.Text.Json;

namespace Observability.Benchmarks.SideBySide;

/// <summary>An answer as far as answers are compared before their times are: points by series and time, or texts of a list.</summary>
internal sealed class ComparedAnswer
{
    private readonly SortedDictionary<string, double> _points = new(StringComparer.Ordinal);

    public int Points => _points.Count;

    public static ComparedAnswer Parse(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement data = document.RootElement.GetProperty("data");
        var answer = new ComparedAnswer();
        if (data.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement text in data.EnumerateArray())
                answer._points[text.GetString()!] = 0;
            return answer;
        }
        foreach (JsonElement series in data.GetProperty("result").EnumerateArray())
        {
            string labels = string.Join(',', series.GetProperty("metric").EnumerateObject().Select(label => $"{label.Name}={label.Value}").Order(StringComparer.Ordinal));
            JsonElement[] points = series.TryGetProperty("values", out JsonElement values) ? [.. values.EnumerateArray()] : [series.GetProperty("value")];
            foreach (JsonElement point in points)
                answer._points[$"{labels}@{point[0].GetDouble().ToString("F3", CultureInfo.InvariantCulture)}"] = double.Parse(point[1].GetString()!, CultureInfo.InvariantCulture);
        }
        return answer;
    }

    /// <summary>How many of all points differ by more than 1e-9 of their size, or are missing on one side.</summary>
    public int DifferencesFrom(ComparedAnswer other)
    {
        int different = _points.Keys.Count(key => !other._points.ContainsKey(key));
        foreach ((string key, double value) in other._points)
        {
            if (!_points.TryGetValue(key, out double own) || !(own == value || Math.Abs(own - value) <= 1e-9 * Math.Max(Math.Abs(own), Math.Abs(value))))
                different++;
        }
        return different;
    }
}
