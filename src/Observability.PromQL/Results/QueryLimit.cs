namespace Observability.PromQL.Results;

/// <summary>What a query may reach too much of.</summary>
public enum QueryLimit
{
    Samples,
    Bytes,
    Steps,
    Time,
    Depth,
    Series,
}
