using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.EndToEnd.Tests.Differential;

/// <summary>What a Prometheus API answered to a query.</summary>
/// <param name="Error">The error's text; null: success.</param>
/// <param name="Type">The type of the result.</param>
/// <param name="Series">Points by time in milliseconds; a scalar is one series without labels.</param>
internal sealed record Answer(string? Error, string Type, IReadOnlyDictionary<LabelSet, IReadOnlyDictionary<long, double>> Series)
{
    private const double Tolerance = 1e-9;

    public static Answer Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        if (!root.GetProperty("status").ValueEquals("success"))
            return new Answer(root.GetProperty("error").GetString(), "", new Dictionary<LabelSet, IReadOnlyDictionary<long, double>>());
        JsonElement data = root.GetProperty("data"), result = data.GetProperty("result");
        string type = data.GetProperty("resultType").GetString()!;
        var series = new Dictionary<LabelSet, IReadOnlyDictionary<long, double>>();
        if (type == "scalar")
        {
            series.Add(LabelSet.Empty, Points([result]));
        }
        else
        {
            foreach (JsonElement one in result.EnumerateArray())
            {
                LabelSet labels = LabelSet.From(one.GetProperty("metric").EnumerateObject().Select(label => new Label(label.Name, label.Value.GetString()!)));
                series.Add(labels, Points(one.TryGetProperty("values", out JsonElement values) ? values.EnumerateArray() : [one.GetProperty("value")]));
            }
        }
        return new Answer(null, type, series);
    }

    /// <summary>The first difference, or null.</summary>
    public string? DifferenceFrom(Answer expected)
    {
        if (Error is not null || expected.Error is not null)
            return Error is not null && expected.Error is not null ? null : $"error {Error ?? "none"}, expected {expected.Error ?? "none"}";
        if (Type != expected.Type)
            return $"a {Type}, expected a {expected.Type}";
        foreach ((LabelSet labels, IReadOnlyDictionary<long, double> points) in expected.Series)
        {
            if (!Series.TryGetValue(labels, out IReadOnlyDictionary<long, double>? own))
                return $"missing {labels}";
            foreach ((long time, double value) in points)
            {
                if (!own.TryGetValue(time, out double mine))
                    return FormattableString.Invariant($"{labels} has nothing at {time}, expected {value}");
                if (!AreEqual(mine, value))
                    return FormattableString.Invariant($"{labels} at {time}: {mine:R}, expected {value:R}");
            }
            if (own.Count != points.Count)
                return $"{labels} has {own.Count} points, expected {points.Count}";
        }
        return Series.Count == expected.Series.Count ? null : $"unexpected {Series.Keys.First(labels => !expected.Series.ContainsKey(labels))}";
    }

    private static bool AreEqual(double left, double right) =>
        left == right || (double.IsNaN(left) && double.IsNaN(right)) || Math.Abs(left - right) <= Tolerance * Math.Max(Math.Abs(left), Math.Abs(right));

    private static Dictionary<long, double> Points(IEnumerable<JsonElement> points) => points.ToDictionary(
        point => (long)Math.Round(point[0].GetDouble() * 1000),
        point => point[1].GetString() switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            { } text => double.Parse(text, CultureInfo.InvariantCulture),
            null => throw new FormatException("A value is no text."),
        });
}
