namespace Observability.Model.Families;

/// <summary>What a family's values are.</summary>
public enum FamilyType
{
    Gauge,
    Counter,
}

/// <summary>What is known of a metric by its name.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Help">One sentence for people.</param>
/// <param name="Unit">As in OpenMetrics, such as <c>seconds</c>; empty where it has none.</param>
public sealed record MetricFamily(string Name, FamilyType Type, string Help, string Unit)
{
    /// <summary>As exposition formats and the API write the type.</summary>
    public string TypeText => Type == FamilyType.Counter ? "counter" : "gauge";
}
