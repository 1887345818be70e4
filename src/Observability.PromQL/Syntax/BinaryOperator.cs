namespace Observability.PromQL.Syntax;

public enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,

    /// <summary><c>==</c></summary>
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Unless,

    /// <summary><c>&lt;/</c>: keeps of a histogram what is below the scalar.</summary>
    TrimUpper,

    /// <summary><c>&gt;/</c>: keeps of a histogram what is above the scalar.</summary>
    TrimLower,
}

public static class BinaryOperators
{
    /// <summary>As written in a query: <c>&gt;=</c>.</summary>
    public static string Text(this BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Power => "^",
        BinaryOperator.Atan2 => "atan2",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.And => "and",
        BinaryOperator.Or => "or",
        BinaryOperator.Unless => "unless",
        BinaryOperator.TrimUpper => "</",
        _ => ">/",
    };

    public static bool IsComparison(this BinaryOperator @operator) => @operator is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;

    /// <summary><c>and</c>, <c>or</c>, <c>unless</c>.</summary>
    public static bool IsSet(this BinaryOperator @operator) => @operator is >= BinaryOperator.And and <= BinaryOperator.Unless;

    public static bool IsTrim(this BinaryOperator @operator) => @operator is BinaryOperator.TrimUpper or BinaryOperator.TrimLower;
}
