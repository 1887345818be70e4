using System.Text;

namespace Observability.Aggregator.Configuration;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    public static string Write()
    {
        var defaults = new AggregatorOptions();
        var text = new StringBuilder();
        text.AppendLine("observability-aggregator: takes what collectors push, keeps it apart by tenant, serves each caller its own.");
        text.AppendLine();
        text.AppendLine("Usage: observability-aggregator [--config FILE.json] [--Key value ...]");
        text.AppendLine("       observability-aggregator store inspect|verify|export PATH    looks into a store's folder; store --help says more");
        text.AppendLine();
        text.AppendLine("Settings come from the JSON file, then the environment, then the command line; the later one wins.");
        text.AppendLine($"Listen:Query is --Listen:Query on the command line, {SettingsReader.EnvironmentPrefix}LISTEN__QUERY in the environment.");
        text.AppendLine("Durations are one number and one unit: 500ms, 15s, 5m, 2h.");
        foreach (Setting setting in SettingsTable.All)
        {
            string shown = setting.Show(defaults);
            text.AppendLine();
            text.AppendLine($"  {setting.Key} <{setting.Unit}>   default: {(shown.Length == 0 ? "empty" : shown)}");
            text.AppendLine($"      {setting.Description}");
        }
        return text.ToString();
    }
}
