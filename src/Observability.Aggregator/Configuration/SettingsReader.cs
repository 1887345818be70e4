using Microsoft.Extensions.Configuration;

namespace Observability.Aggregator.Configuration;

/// <summary>
/// Reads settings from a JSON file (<c>--config FILE</c>), then the environment (<c>OBSERVABILITY__LISTEN__QUERY</c>), then the command
/// line (<c>--Listen:Query 127.0.0.1:0</c>); the later one wins. A key that does not exist is a fault: it is a typing error or was
/// meant to protect something.
/// </summary>
internal static class SettingsReader
{
    /// <summary>
    /// Two underscores, because Kubernetes puts <c>OBSERVABILITY_SERVICE_HOST</c> and its like into the environment of every pod next to
    /// a service of that name.
    /// </summary>
    public const string EnvironmentPrefix = "OBSERVABILITY__";

    /// <exception cref="SettingsException">Lists every fault.</exception>
    public static AggregatorOptions Read(IReadOnlyList<string> args)
    {
        List<string> faults = [];
        var configuration = new ConfigurationManager();
        List<string> rest = [];
        for (int i = 0; i < args.Count; i++)
        {
            if (args[i] != "--config")
                rest.Add(args[i]);
            else if (i + 1 == args.Count)
                faults.Add("--config: needs a file");
            else
                AddJson(configuration, args[++i], faults);
        }
        configuration.AddEnvironmentVariables(EnvironmentPrefix);
        faults.AddRange(CommandLineFaults(rest));
        configuration.AddCommandLine([.. rest]);
        return Read(configuration, faults);
    }

    /// <inheritdoc cref="Read(IReadOnlyList{string})"/>
    public static AggregatorOptions Read(IConfiguration configuration, List<string>? faults = null)
    {
        faults ??= [];
        var options = new AggregatorOptions();
        foreach ((string key, string? text) in configuration.AsEnumerable().OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (text is null)
                continue; // a section
            Setting? setting = SettingsTable.All.FirstOrDefault(setting => string.Equals(setting.Key, key, StringComparison.OrdinalIgnoreCase));
            if (setting is null)
                faults.Add($"{key}: no such setting (--help lists all)");
            else if (setting.Apply(options, text) is { } fault)
                faults.Add($"{setting.Key}: {fault}");
        }
        faults.AddRange(OptionsValidator.Faults(options));
        return faults.Count == 0 ? options : throw new SettingsException(faults);
    }

    private static void AddJson(ConfigurationManager configuration, string file, List<string> faults)
    {
        try
        {
            configuration.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            faults.Add($"--config {file}: {exception.Message}{(exception.InnerException is { } inner ? " " + inner.Message : "")}");
        }
    }

    // The configuration reader leaves out in silence what it does not understand, such as a value without a key.
    private static IEnumerable<string> CommandLineFaults(List<string> args)
    {
        for (int i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                yield return $"{args[i]}: not a setting (write --Key value or --Key=value)";
            else if (!args[i].Contains('=', StringComparison.Ordinal) && ++i == args.Count)
                yield return $"{args[i - 1]}: needs a value";
        }
    }
}
