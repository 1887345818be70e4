namespace Observability.PromQL.Lexing;

/// <summary>The words of the language. The order matters: <see cref="TokenKinds"/> tests for ranges.</summary>
internal enum TokenKind : byte
{
    EndOfInput,
    Identifier,

    /// <summary>An identifier with a colon: only metrics are named so.</summary>
    MetricIdentifier,
    String,
    Number,
    Duration,

    LeftParenthesis,
    RightParenthesis,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Colon,

    /// <summary><c>=</c></summary>
    Assign,

    // Operators, from here to At.
    Or,
    And,
    Unless,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    TrimUpper,
    TrimLower,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Atan2,
    Power,
    EqualRegex,
    NotEqualRegex,
    At,

    // Aggregators.
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

    // Keywords.
    Offset,
    Anchored,
    Smoothed,
    By,
    Without,
    On,
    Ignoring,
    GroupLeft,
    GroupRight,
    Fill,
    FillLeft,
    FillRight,
    Bool,

    // Words that are calls where parentheses follow.
    Start,
    End,
    Step,
    Range,
    MinOf,
    MaxOf,
}

internal static class TokenKinds
{
    public static bool IsOperator(this TokenKind kind) => kind is >= TokenKind.Or and <= TokenKind.At;

    public static bool IsAggregator(this TokenKind kind) => kind is >= TokenKind.Sum and <= TokenKind.LimitRatio;

    public static bool IsKeyword(this TokenKind kind) => kind is >= TokenKind.Offset and <= TokenKind.Bool;

    public static bool IsCallWord(this TokenKind kind) => kind is >= TokenKind.Start and <= TokenKind.MaxOf;

    public static bool IsSign(this TokenKind kind) => kind is TokenKind.Add or TokenKind.Subtract;

    /// <summary>The word may name a metric.</summary>
    public static bool IsMetricName(this TokenKind kind) =>
        kind is TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Or or TokenKind.And or TokenKind.Unless
            or TokenKind.Offset or TokenKind.Anchored or TokenKind.Smoothed or TokenKind.By or TokenKind.Without
            or TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight
        || kind.IsAggregator() || kind.IsCallWord();

    /// <summary>The word may name a label in <c>by (…)</c> and its like.</summary>
    public static bool IsLabelName(this TokenKind kind) =>
        kind is TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Or or TokenKind.And or TokenKind.Unless or TokenKind.Atan2
            or TokenKind.Offset or TokenKind.Anchored or TokenKind.Smoothed or TokenKind.By or TokenKind.On or TokenKind.Ignoring
            or TokenKind.GroupLeft or TokenKind.GroupRight or TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight or TokenKind.Bool
        || kind.IsAggregator() || kind.IsCallWord();

    public static bool StartsExpression(this TokenKind kind) =>
        kind is TokenKind.Number or TokenKind.Duration or TokenKind.String or TokenKind.LeftParenthesis or TokenKind.LeftBrace
        || kind.IsSign() || kind.IsMetricName();

    public static bool IsMatchOperator(this TokenKind kind) =>
        kind is TokenKind.Assign or TokenKind.NotEqual or TokenKind.EqualRegex or TokenKind.NotEqualRegex;
}
