namespace Observability.PromQL.Syntax;

public enum Aggregator
{
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    TopK,
    BottomK,
    CountValues,
    Quantile,
    LimitK,
    LimitRatio,
}

public static class Aggregators
{
    /// <summary>As written in a query: <c>count_values</c>.</summary>
    public static string Text(this Aggregator aggregator) => aggregator switch
    {
        Aggregator.Sum => "sum",
        Aggregator.Avg => "avg",
        Aggregator.Count => "count",
        Aggregator.Min => "min",
        Aggregator.Max => "max",
        Aggregator.Group => "group",
        Aggregator.Stddev => "stddev",
        Aggregator.Stdvar => "stdvar",
        Aggregator.TopK => "topk",
        Aggregator.BottomK => "bottomk",
        Aggregator.CountValues => "count_values",
        Aggregator.Quantile => "quantile",
        Aggregator.LimitK => "limitk",
        _ => "limit_ratio",
    };

    public static bool TakesParameter(this Aggregator aggregator) => aggregator >= Aggregator.TopK;

    public static bool IsExperimental(this Aggregator aggregator) => aggregator is Aggregator.LimitK or Aggregator.LimitRatio;
}
