using System.Globalization;

namespace Observability.EndToEnd.Tests.Differential;

/// <param name="Text">PromQL.</param>
/// <param name="StartMs">The first step, or the only one.</param>
/// <param name="EndMs">The last step.</param>
/// <param name="StepSeconds">0: an instant query.</param>
internal sealed record GeneratedQuery(string Text, long StartMs, long EndMs, int StepSeconds)
{
    public string Path => StepSeconds == 0 ? "api/v1/query" : "api/v1/query_range";

    public Dictionary<string, string> Form => StepSeconds == 0
        ? new() { ["query"] = Text, ["time"] = Seconds(EndMs) }
        : new() { ["query"] = Text, ["start"] = Seconds(StartMs), ["end"] = Seconds(EndMs), ["step"] = StepSeconds.ToString(CultureInfo.InvariantCulture) };

    public override string ToString() => $"{Path} {string.Join(' ', Form.Select(part => $"{part.Key}={part.Value}"))}";

    private static string Seconds(long ms) => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000}.{ms % 1000:000}");
}
