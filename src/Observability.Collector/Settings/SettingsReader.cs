using System.Text.Json;

namespace Observability.Collector.Settings;

/// <summary>
/// Reads the settings from a JSON file (<c>--config FILE</c>, an object of setting names), the environment and the command line, each
/// stronger than the one before, and gathers everything that is wrong.
/// </summary>
internal sealed class SettingsReader
{
    private readonly CollectorOptions _options = new() { Listen = "127.0.0.1:9465" };
    private readonly List<string> _errors = [];
    private readonly Dictionary<Setting, string> _sources = [];

    private SettingsReader()
    {
    }

    /// <param name="args">The command line, without the program.</param>
    /// <param name="environment">Gives a variable's value, or null.</param>
    /// <param name="errors">Each names its key; empty where the options may be used.</param>
    internal static CollectorOptions Read(IReadOnlyList<string> args, Func<string, string?> environment, out IReadOnlyList<string> errors)
    {
        var reader = new SettingsReader();
        List<(string Name, string? Value)> line = reader.Split(args);
        string? file = line.LastOrDefault(option => option.Name == "config").Value ?? environment("COLLECTOR_CONFIG");
        if (file is not null)
            reader.ReadFile(file);
        foreach (Setting setting in SettingList.All)
            if (environment(setting.Variable) is { Length: > 0 } value)
                reader.Take(setting, setting.Variable, value);
        foreach ((string name, string? value) in line)
            reader.TakeArgument(name, value);
        reader._errors.AddRange(OptionsCheck.Errors(reader._options));
        errors = reader._errors;
        return reader._options;
    }

    private List<(string Name, string? Value)> Split(IReadOnlyList<string> args)
    {
        var line = new List<(string, string?)>();
        for (int i = 0; i < args.Count; i++)
        {
            string argument = args[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal) || argument.Length == 2)
            {
                _errors.Add($"{argument}: settings are given as --name value or --name=value; see --help.");
                continue;
            }
            int equal = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equal < 0 ? argument[2..] : argument[2..equal];
            if (equal >= 0)
                line.Add((name, argument[(equal + 1)..]));
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                line.Add((name, args[++i]));
            else
                line.Add((name, null));
        }
        return line;
    }

    private void TakeArgument(string name, string? value)
    {
        if (name == "config")
        {
            if (value is null)
                _errors.Add("--config: has no value.");
            return;
        }
        if (Find(name) is not { } setting)
            _errors.Add($"--{name}: there is no such setting; see --help.");
        else if (value is null && !setting.IsFlag)
            _errors.Add($"--{name}: has no value.");
        else
            Take(setting, "--" + name, value ?? "true");
    }

    private void ReadFile(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                _errors.Add($"--config: {file} holds no JSON object.");
                return;
            }
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                string key = $"{file}: {property.Name}";
                if (Find(property.Name) is not { } setting)
                    _errors.Add($"{key}: there is no such setting; see --help.");
                else if (property.Value.ValueKind == JsonValueKind.Array)
                    foreach (JsonElement element in property.Value.EnumerateArray())
                        Take(setting, key, element.ToString());
                else
                    Take(setting, key, property.Value.ToString());
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            _errors.Add($"--config: {file} cannot be read: {exception.Message}");
        }
    }

    private void Take(Setting setting, string key, string value)
    {
        // A stronger source replaces the whole list of a weaker one.
        if (_sources.TryGetValue(setting, out string? source) && source != key)
            setting.Clear?.Invoke(_options);
        _sources[setting] = key;
        string[] values = setting.IsList ? value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [value];
        foreach (string part in values)
            if (setting.Apply(_options, part) is { } wrong)
                _errors.Add($"{key}: {part} {wrong}.");
    }

    private static Setting? Find(string name) => SettingList.All.FirstOrDefault(setting => setting.Name == name);
}
