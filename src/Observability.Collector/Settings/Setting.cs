namespace Observability.Collector.Settings;

/// <summary>One setting: how it is named everywhere, what it means, and how its text becomes an option.</summary>
/// <param name="Name">As on the command line, without dashes: <c>scrape-interval</c>.</param>
/// <param name="Form">What the value looks like, for <c>--help</c>; empty for a flag.</param>
/// <param name="Default">The default, for <c>--help</c>; empty where there is none.</param>
/// <param name="Help">What it means.</param>
/// <param name="Apply">Takes one value into the options; returns what is wrong with it, or null.</param>
internal sealed record Setting(string Name, string Form, string Default, string Help, Func<CollectorOptions, string, string?> Apply)
{
    /// <summary>Given several times, or with commas between.</summary>
    public bool IsList { get; init; }

    /// <summary>Empties a list before the values of a stronger source come.</summary>
    public Action<CollectorOptions>? Clear { get; init; }

    /// <summary>Stands for true when given without a value.</summary>
    public bool IsFlag { get; init; }

    /// <summary>The environment variable: <c>COLLECTOR_SCRAPE_INTERVAL</c>.</summary>
    public string Variable => "COLLECTOR_" + Name.ToUpperInvariant().Replace('-', '_');
}
