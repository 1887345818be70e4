using System.Collections.Immutable;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Functions.Signatures;

/// <summary>How a function is called.</summary>
/// <param name="Name">As written in a query.</param>
/// <param name="ArgumentTypes">Of all arguments; the last stands for those beyond it too.</param>
/// <param name="Variadic">0: all arguments are required. n &gt; 0: the last is optional and may stand up to n times. -1: the last may be missing or stand any number of times.</param>
/// <param name="ReturnType">What it gives.</param>
/// <param name="IsExperimental">Needs <see cref="ParserOptions.ExperimentalFunctions"/>.</param>
public sealed record FunctionSignature(
    string Name, ImmutableArray<ExpressionType> ArgumentTypes, int Variadic, ExpressionType ReturnType, bool IsExperimental)
{
    public override string ToString() => Name;
}
