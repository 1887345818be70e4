using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Simulator.Tests;

/// <summary>A page read in the simplest way there is: what the kubelets write needs no escapes.</summary>
internal sealed partial class Page
{
    private Page(string text, IReadOnlyDictionary<string, string> types, IReadOnlyList<Row> rows)
    {
        Text = text;
        Types = types;
        Rows = rows;
    }

    public string Text { get; }

    /// <summary>The TYPE of each family.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    public IReadOnlyList<Row> Rows { get; }

    public static Page Parse(string text)
    {
        Dictionary<string, string> types = [];
        List<Row> rows = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                types.Add(line.Split(' ')[2], line.Split(' ')[3]);
            else if (!line.StartsWith('#'))
                rows.Add(ParseRow(line));
        }

        return new Page(text, types, rows);
    }

    public IEnumerable<Row> Family(string name) => Rows.Where(row => row.Name == name);

    public IEnumerable<Row> Of(string ns, string pod) => Rows.Where(row => row["namespace"] == ns && row["pod"] == pod);

    private static Row ParseRow(string line)
    {
        int brace = line.IndexOf('{', StringComparison.Ordinal);
        int close = line.LastIndexOf('}');
        string name = brace < 0 ? line[..line.IndexOf(' ', StringComparison.Ordinal)] : line[..brace];
        string labels = brace < 0 ? "" : line[(brace + 1)..close];
        string[] numbers = line[(brace < 0 ? name.Length : close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Row(
            line,
            name,
            Label().Matches(labels).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value),
            double.Parse(numbers[0], CultureInfo.InvariantCulture),
            numbers.Length > 1 ? long.Parse(numbers[1], CultureInfo.InvariantCulture) : null);
    }

    [GeneratedRegex("([a-zA-Z_]+)=\"([^\"]*)\"")]
    private static partial Regex Label();
}

/// <summary>One row: its line, name, labels, value, and time if it has one.</summary>
internal sealed record Row(string Line, string Name, IReadOnlyDictionary<string, string> Labels, double Value, long? TimestampMs)
{
    /// <summary>Empty where the label is not there.</summary>
    public string this[string label] => Labels.GetValueOrDefault(label, "");

    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs!.Value);
}
