using System.Globalization;
using Observability.Model;

namespace Observability.Aggregator.Configuration;

/// <summary>One key: how its text becomes a value, and what <c>--help</c> says of it.</summary>
/// <param name="Key">As on the command line and in JSON, sections parted by a colon.</param>
/// <param name="Show">The value in an options object, as text; shows the default.</param>
/// <param name="Apply">Sets the value; the answer is null, or what is wrong with the text.</param>
/// <param name="Unit">What values look like.</param>
internal sealed record Setting(
    string Key, string Unit, string Description, Func<AggregatorOptions, string> Show, Func<AggregatorOptions, string, string?> Apply)
{
    public static Setting Text(
        string key, string unit, string description, Func<AggregatorOptions, string> get, Action<AggregatorOptions, string> set) =>
        new(key, unit, description, get, (options, text) =>
        {
            set(options, text.Trim());
            return null;
        });

    public static Setting Number(
        string key, string unit, string description, int min, int max, Func<AggregatorOptions, int> get, Action<AggregatorOptions, int> set) =>
        new(key, unit, description, options => get(options).ToString(CultureInfo.InvariantCulture), (options, text) =>
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < min || value > max)
                return $"must be a whole number from {min} to {max}, is '{text}'";
            set(options, value);
            return null;
        });

    public static Setting Size(
        string key, string description, long min, Func<AggregatorOptions, long> get, Action<AggregatorOptions, long> set) =>
        new(key, "size", description, options => ByteSizes.Format(get(options)), (options, text) =>
        {
            if (!ByteSizes.TryParse(text, out long value) || value < min)
                return $"must be a size of at least {ByteSizes.Format(min)} such as 512MiB, is '{text}'";
            set(options, value);
            return null;
        });

    public static Setting Flag(
        string key, string description, Func<AggregatorOptions, bool> get, Action<AggregatorOptions, bool> set) =>
        Choice(key, description, new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase) { ["false"] = false, ["true"] = true }, get, set);

    public static Setting Duration(
        string key, string description, TimeSpan min, TimeSpan max, Func<AggregatorOptions, TimeSpan> get, Action<AggregatorOptions, TimeSpan> set) =>
        new(key, "duration", description, options => Durations.Format(get(options)), (options, text) =>
        {
            if (!Durations.TryParse(text, out TimeSpan value) || value < min || value > max)
                return $"must be a duration from {Durations.Format(min)} to {Durations.Format(max)} such as 15s, is '{text}'";
            set(options, value);
            return null;
        });

    public static Setting Choice<T>(
        string key, string description, IReadOnlyDictionary<string, T> choices, Func<AggregatorOptions, T> get, Action<AggregatorOptions, T> set) =>
        new(key, string.Join('|', choices.Keys), description,
            options => choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, get(options))).Key,
            (options, text) =>
            {
                if (!choices.TryGetValue(text, out T? value))
                    return $"must be one of {string.Join(", ", choices.Keys)}, is '{text}'";
                set(options, value);
                return null;
            });
}
