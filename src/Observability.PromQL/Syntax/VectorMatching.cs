namespace Observability.PromQL.Syntax;

public enum MatchCardinality
{
    OneToOne,

    /// <summary><c>group_left</c></summary>
    ManyToOne,

    /// <summary><c>group_right</c></summary>
    OneToMany,

    /// <summary>Set operators.</summary>
    ManyToMany,
}

public static class MatchCardinalityNames
{
    /// <summary>As Prometheus says it: <c>many-to-one</c>.</summary>
    public static string Name(this MatchCardinality cardinality) => cardinality switch
    {
        MatchCardinality.OneToOne => "one-to-one",
        MatchCardinality.ManyToOne => "many-to-one",
        MatchCardinality.OneToMany => "one-to-many",
        _ => "many-to-many",
    };
}

/// <summary>How the series of two vectors find each other.</summary>
public sealed record VectorMatching
{
    public MatchCardinality Cardinality { get; init; }

    /// <summary>Labels that decide, or with <see cref="On"/> false those that do not.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    public bool On { get; init; }

    /// <summary>Labels that <c>group_left</c> and <c>group_right</c> take from the "one" side.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Stands in for a series that the left side lacks.</summary>
    public double? FillLeft { get; init; }

    /// <summary>Stands in for a series that the right side lacks.</summary>
    public double? FillRight { get; init; }
}
