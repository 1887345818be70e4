using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Binary;

/// <summary>Binary operators on two floats.</summary>
internal static class FloatOperations
{
    /// <returns>For comparisons 1 or 0.</returns>
    public static double Apply(BinaryOperator @operator, double left, double right) => @operator switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        BinaryOperator.Modulo => left % right,
        BinaryOperator.Power => Math.Pow(left, right),
        BinaryOperator.Atan2 => Math.Atan2(left, right),
        _ => Holds(@operator, left, right) ? 1 : 0,
    };

    public static bool Holds(BinaryOperator comparison, double left, double right) => comparison switch
    {
        BinaryOperator.Equal => left == right,
        BinaryOperator.NotEqual => left != right,
        BinaryOperator.Less => left < right,
        BinaryOperator.LessOrEqual => left <= right,
        BinaryOperator.Greater => left > right,
        _ => left >= right,
    };
}
