namespace Observability.Model;

/// <summary>One label of a series.</summary>
/// <param name="Name">UTF-8 name as in Prometheus 3; <c>__name__</c> holds the metric's name.</param>
/// <param name="Value">Any text; empty means that the series has no such label.</param>
public readonly record struct Label(string Name, string Value)
{
    public override string ToString() => $"{Name}=\"{Value}\"";
}
