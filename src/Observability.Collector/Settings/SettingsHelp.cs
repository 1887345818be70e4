using System.Text;

namespace Observability.Collector.Settings;

/// <summary>The text of <c>--help</c>.</summary>
internal static class SettingsHelp
{
    internal static string Text()
    {
        var text = new StringBuilder("""
            Collects a node's kubelet metrics and pushes them, tagged with their tenant, to the aggregator.

            collector [settings]                      run until stopped (SIGTERM hands over the last batches)
            collector check FILE|URL [--json] [--token-file FILE] [--ca-file FILE] [--families-add ...] [--families-remove ...]
                                                      read one page and say per family which rows are kept or dropped, and why
            collector --help | --version

            Each setting is given as --name value or --name=value, as an environment variable, or in a JSON file named by
            --config FILE (COLLECTOR_CONFIG); the command line wins over the environment, and that over the file.


            """);
        foreach (Setting setting in SettingList.All)
        {
            text.Append("--").Append(setting.Name).Append(setting.Form.Length > 0 ? " " : "").Append(setting.Form)
                .Append("  [").Append(setting.Variable).Append(']');
            if (setting.Default.Length > 0)
                text.Append("  default ").Append(setting.Default);
            text.Append("\n    ").Append(setting.Help).Append('\n');
        }
        return text.ToString();
    }
}
