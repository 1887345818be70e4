using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Binary;

/// <summary>A binary operator on two samples, of which each is a float or a histogram. Safe for concurrent use.</summary>
internal sealed class SampleOperation
{
    // What has to be told, as bits; those from FirstMismatch on say which kinds of samples did not fit.
    private const int ResetCollision = 1, Reconciled = 2, IncompatibleBuckets = 4, FirstMismatch = 8;

    private static readonly (string Left, string Right)[] Mismatches =
        [("float", "float"), ("float", "histogram"), ("histogram", "float"), ("histogram", "histogram")];

    private readonly BinaryExpression _expression;
    private int _notes;

    public SampleOperation(QueryContext query, BinaryExpression expression)
    {
        _expression = expression;
        query.AtEnd(() => Report(query.Annotations));
    }

    public BinaryOperator Operator => _expression.Operator;

    /// <summary>A comparison gives 0 or 1.</summary>
    public bool ReturnBool => _expression.ReturnBool;

    /// <param name="left">Present.</param>
    /// <param name="right">Present.</param>
    /// <param name="result">Of a comparison the left sample.</param>
    /// <param name="holds">False where a comparison does not hold.</param>
    /// <returns>False where the operator has no meaning for these two.</returns>
    public bool TryApply(StepValue left, StepValue right, out StepValue result, out bool holds)
    {
        holds = true;
        result = left;
        BinaryOperator @operator = Operator;
        if (left.Histogram is { } first && right.Histogram is { } second)
            return TryApply(first, second, ref result, ref holds);
        if (right.Histogram is { } onlyRight)
        {
            if (@operator != BinaryOperator.Multiply)
                return Mismatch(1);
            result = onlyRight.Multiply(left.Float).Compact();
            return true;
        }
        if (left.Histogram is { } onlyLeft)
        {
            switch (@operator)
            {
                case BinaryOperator.Multiply:
                    result = onlyLeft.Multiply(right.Float).Compact();
                    return true;
                case BinaryOperator.Divide:
                    result = onlyLeft.Divide(right.Float).Compact();
                    return true;
                case BinaryOperator.TrimUpper:
                    result = onlyLeft.TrimAbove(right.Float);
                    return true;
                case BinaryOperator.TrimLower:
                    result = onlyLeft.TrimBelow(right.Float);
                    return true;
                default:
                    return Mismatch(2);
            }
        }
        if (@operator.IsTrim())
            return Mismatch(0);
        if (@operator.IsComparison())
            holds = FloatOperations.Holds(@operator, left.Float, right.Float);
        else
            result = FloatOperations.Apply(@operator, left.Float, right.Float);
        return true;
    }

    private bool TryApply(FloatHistogram left, FloatHistogram right, ref StepValue result, ref bool holds)
    {
        switch (Operator)
        {
            case BinaryOperator.Equal:
                holds = left.Equals(right);
                return true;
            case BinaryOperator.NotEqual:
                holds = !left.Equals(right);
                return true;
            case BinaryOperator.Add or BinaryOperator.Subtract:
                HistogramSum sum;
                bool fits = Operator == BinaryOperator.Add ? left.TryAdd(right, out sum) : left.TrySubtract(right, out sum);
                if (!fits)
                {
                    Note(IncompatibleBuckets);
                    return false;
                }
                if (sum.CounterResetCollision)
                    Note(ResetCollision);
                if (sum.BoundsReconciled)
                    Note(Reconciled);
                FloatHistogram combined = Operator == BinaryOperator.Subtract ? sum.Histogram.WithHint(CounterResetHint.Gauge) : sum.Histogram;
                result = combined.Compact();
                return true;
            default:
                return Mismatch(3);
        }
    }

    private bool Mismatch(int kinds)
    {
        Note(FirstMismatch << kinds);
        return false;
    }

    private void Note(int note)
    {
        if ((Volatile.Read(ref _notes) & note) == 0)
            Interlocked.Or(ref _notes, note);
    }

    private void Report(Annotations annotations)
    {
        PositionRange position = _expression.Position;
        string text = Operator.Text(), doing = Operator == BinaryOperator.Add ? "addition" : "subtraction";
        if ((_notes & ResetCollision) != 0)
            annotations.Warn($"conflicting counter resets during histogram {doing}", position);
        if ((_notes & Reconciled) != 0)
            annotations.Inform($"mismatched custom buckets were reconciled during {doing}", position);
        if ((_notes & IncompatibleBuckets) != 0)
            annotations.Warn($"incompatible bucket layout encountered for binary operator {text}", position);
        for (int kinds = 0; kinds < Mismatches.Length; kinds++)
        {
            (string left, string right) = Mismatches[kinds];
            if ((_notes & (FirstMismatch << kinds)) != 0)
                annotations.Inform($"incompatible sample types encountered for binary operator \"{text}\": {left} {text} {right}", position);
        }
    }
}
