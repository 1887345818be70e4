using Observability.PromQL.Functions.Signatures;

namespace Observability.PromQL.Syntax;

/// <summary><c>rate(up[5m])</c></summary>
/// <param name="Function">Which function.</param>
/// <param name="Arguments">As written; optional ones may be missing.</param>
public sealed record CallExpression(FunctionSignature Function, IReadOnlyList<Expression> Arguments) : Expression
{
    public override ExpressionType Type => Function.ReturnType;

    public override IReadOnlyList<Expression> Children => Arguments;
}
