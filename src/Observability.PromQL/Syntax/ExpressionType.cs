using System.Diagnostics.CodeAnalysis;

namespace Observability.PromQL.Syntax;

/// <summary>What an expression evaluates to.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The language's own word.")]
public enum ExpressionType
{
    None,
    Scalar,

    /// <summary>An instant vector.</summary>
    Vector,

    /// <summary>A range vector.</summary>
    Matrix,
    String,
}

public static class ExpressionTypeNames
{
    /// <summary>As in the API and in error texts of the parser: <c>matrix</c>.</summary>
    public static string Name(this ExpressionType type) => type switch
    {
        ExpressionType.Scalar => "scalar",
        ExpressionType.Vector => "vector",
        ExpressionType.Matrix => "matrix",
        ExpressionType.String => "string",
        _ => "none",
    };

    /// <summary>As in the documentation and in most error texts: <c>range vector</c>.</summary>
    public static string DocumentedName(this ExpressionType type) => type switch
    {
        ExpressionType.Vector => "instant vector",
        ExpressionType.Matrix => "range vector",
        _ => type.Name(),
    };
}
