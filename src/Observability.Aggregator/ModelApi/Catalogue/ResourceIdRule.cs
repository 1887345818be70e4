using System.Collections.Frozen;
using Observability.Model;

namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>How Heapster's <c>resource_id</c> is read off a stored series.</summary>
/// <param name="Label">The stored label that tells resources apart; null: there is one, named by <paramref name="Prefix"/>.</param>
/// <param name="Prefix">Put before the label's value.</param>
/// <param name="Renamed">Values that have another name in Heapster.</param>
internal sealed record ResourceIdRule(string? Label, string Prefix, FrozenDictionary<string, string> Renamed)
{
    internal string Read(LabelSet labels)
    {
        string value = Label is null ? "" : labels[Label] ?? "";
        return Renamed.TryGetValue(value, out string? renamed) ? renamed : Prefix + value;
    }
}
