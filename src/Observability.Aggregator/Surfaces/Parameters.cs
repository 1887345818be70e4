using System.Collections.Frozen;

namespace Observability.Aggregator.Surfaces;

/// <summary>
/// The query parameters that an endpoint takes; metadata. A parameter that is not declared, or stands more than once, is answered 400
/// before the handler runs: an alias or a second value must never mean something else to the handler than to a check.
/// </summary>
internal sealed class Parameters
{
    private const int LongestNamed = 64; // an answer need not carry back all that was sent

    private readonly FrozenSet<string> _single;

    private Parameters(IEnumerable<string> single) => _single = single.ToFrozenSet(StringComparer.Ordinal);

    public static Parameters None { get; } = new([]);

    public static Parameters Allow(params ReadOnlySpan<string> names) => new(names.ToArray());

    /// <summary>What is wrong with a query string, or null.</summary>
    /// <param name="query">As sent, with its leading <c>?</c>, or empty.</param>
    public string? Fault(string query)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = Uri.UnescapeDataString((equals < 0 ? part : part[..equals]).Replace('+', ' '));
            if (!_single.Contains(name))
                return $"unknown parameter {(name.Length <= LongestNamed ? name : name[..LongestNamed] + "…")}";
            if (!seen.Add(name))
                return $"parameter {name} stands more than once";
        }
        return null;
    }
}
