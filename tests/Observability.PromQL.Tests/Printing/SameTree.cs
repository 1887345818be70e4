using Observability.Model;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Printing;

/// <summary>Whether two trees say the same, wherever they stand in their texts.</summary>
internal static class SameTree
{
    public static bool Check(Expression? a, Expression? b) => (a, b) switch
    {
        (null, null) => true,
        (NumberLiteral x, NumberLiteral y) => x.Value.Equals(y.Value) && x.IsDuration == y.IsDuration,
        (StringLiteral x, StringLiteral y) => x.Value == y.Value,
        (VectorSelector x, VectorSelector y) => x.Name == y.Name && Matchers(x).SequenceEqual(Matchers(y)) && x.OffsetMs == y.OffsetMs
            && Check(x.OffsetExpression, y.OffsetExpression) && x.At == y.At && x.Anchored == y.Anchored && x.Smoothed == y.Smoothed && x.MayMatchAll == y.MayMatchAll,
        (MatrixSelector x, MatrixSelector y) => Check(x.Selector, y.Selector) && x.RangeMs == y.RangeMs && Check(x.RangeExpression, y.RangeExpression),
        (SubqueryExpression x, SubqueryExpression y) => Check(x.Operand, y.Operand) && x.RangeMs == y.RangeMs && x.StepMs == y.StepMs && x.OffsetMs == y.OffsetMs
            && x.At == y.At && Check(x.RangeExpression, y.RangeExpression) && Check(x.StepExpression, y.StepExpression) && Check(x.OffsetExpression, y.OffsetExpression),
        (DurationExpression x, DurationExpression y) => x.Operator == y.Operator && x.IsWrapped == y.IsWrapped && Check(x.Left, y.Left) && Check(x.Right, y.Right),
        (UnaryExpression x, UnaryExpression y) => x.Negates == y.Negates && Check(x.Operand, y.Operand),
        (ParenthesesExpression x, ParenthesesExpression y) => Check(x.Operand, y.Operand),
        (BinaryExpression x, BinaryExpression y) => x.Operator == y.Operator && x.ReturnBool == y.ReturnBool && Check(x.Left, y.Left) && Check(x.Right, y.Right)
            && Matching(x.Matching, y.Matching),
        (AggregateExpression x, AggregateExpression y) => x.Operator == y.Operator && x.Without == y.Without && x.Grouping.SequenceEqual(y.Grouping)
            && Check(x.Operand, y.Operand) && Check(x.Parameter, y.Parameter),
        (CallExpression x, CallExpression y) => x.Function == y.Function && x.Arguments.Count == y.Arguments.Count
            && x.Arguments.Zip(y.Arguments).All(pair => Check(pair.First, pair.Second)),
        _ => false,
    };

    private static IEnumerable<string> Matchers(VectorSelector selector) =>
        selector.Matchers.Select(matcher => matcher.ToString()).Order(StringComparer.Ordinal); // the printer sorts them

    private static bool Matching(VectorMatching? a, VectorMatching? b) => (a, b) switch
    {
        (null, null) => true,
        (not null, not null) => a.Cardinality == b.Cardinality && a.On == b.On && a.Labels.SequenceEqual(b.Labels) && a.Include.SequenceEqual(b.Include)
            && Nullable.Equals(a.FillLeft, b.FillLeft) && Nullable.Equals(a.FillRight, b.FillRight),
        _ => false,
    };
}
