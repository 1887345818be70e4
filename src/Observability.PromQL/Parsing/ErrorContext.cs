namespace Observability.PromQL.Parsing;

/// <summary>Where an unexpected token stands, and what would have been expected, in Prometheus' words.</summary>
/// <param name="Suffix">Behind <c>unexpected …</c>.</param>
internal readonly record struct ErrorContext(string? Suffix)
{
    private const string Durations = "number, duration, step(), or range()";

    public static readonly ErrorContext Aggregation = new(" in aggregation");
    public static readonly ErrorContext Offset = new($" in offset, expected {Durations}");
    public static readonly ErrorContext At = new(" in @, expected timestamp");
    public static readonly ErrorContext Range = new($" in subquery or range selector, expected {Durations}");
    public static readonly ErrorContext AfterRange = new(" in subquery or range, expected \":\" or \"]\"");
    public static readonly ErrorContext SubqueryStep = new(" in subquery selector, expected number, duration, step(), range(), or \"]\"");
    public static readonly ErrorContext AfterSubqueryStep = new(" in subquery selector, expected \"]\"");
    public static readonly ErrorContext Grouping = new(" in grouping opts, expected \"(\"");
    public static readonly ErrorContext GroupingLabel = new(" in grouping opts, expected label");
    public static readonly ErrorContext AfterGroupingLabel = new(" in grouping opts, expected \",\" or \")\"");
    public static readonly ErrorContext Matcher = new(" in label matching, expected identifier or \"}\"");
    public static readonly ErrorContext MatchOperator = new(" in label matching, expected label matching operator");
    public static readonly ErrorContext MatchValue = new(" in label matching, expected string");
    public static readonly ErrorContext AfterMatcher = new(" in label matching, expected \",\" or \"}\"");
}
