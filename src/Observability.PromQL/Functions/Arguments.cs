using Observability.PromQL.Syntax;

namespace Observability.PromQL.Functions;

/// <summary>Arguments of a call, seen through the parentheses around them.</summary>
internal static class Arguments
{
    public static Expression Unwrap(Expression argument)
    {
        while (true)
        {
            switch (argument)
            {
                case ParenthesesExpression parentheses:
                    argument = parentheses.Operand;
                    break;
                case StepInvariantExpression invariant:
                    argument = invariant.Operand;
                    break;
                default:
                    return argument;
            }
        }
    }

    /// <summary>Where an argument stands, for annotations.</summary>
    public static PositionRange Position(CallExpression call, int index) => Unwrap(call.Arguments[index]).Position;

    /// <summary>A string argument.</summary>
    public static string Text(CallExpression call, int index) => ((StringLiteral)Unwrap(call.Arguments[index])).Value;
}
