using System.Globalization;
using Observability.PromQL.Evaluation.Aggregation;
using Observability.PromQL.Evaluation.Binary;
using Observability.PromQL.Evaluation.Calls;
using Observability.PromQL.Evaluation.Ranges;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions;
using Observability.PromQL.Functions.Windows;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation;

/// <summary>Turns a planned tree into operators over the steps of a grid. What has to see all series at once is computed on the way.</summary>
internal sealed class Evaluator
{
    private readonly QueryContext _query;
    private readonly CallEvaluator _calls;

    public Evaluator(QueryContext query)
    {
        _query = query;
        _calls = new CallEvaluator(query, this);
    }

    /// <param name="expression">Of type vector, or a scalar that stands for its value.</param>
    /// <param name="grid">Of the steps.</param>
    /// <param name="around">What a selector directly below is used for.</param>
    public StepVector Vector(Expression expression, StepGrid grid, SelectHints around = default)
    {
        _query.CancellationToken.ThrowIfCancellationRequested();
        switch (expression)
        {
            case ParenthesesExpression parentheses:
                return Vector(parentheses.Operand, grid, around);
            case StepInvariantExpression invariant:
                StepVector once = Vector(invariant.Operand, StepGrid.Instant(grid.StartMs), around);
                return grid.Count == 1 ? once : new RepeatedVector(grid, new ListVector(once.Grid, SeriesCollector.Collect(_query, once)));
            case VectorSelector selector:
                return new SelectedVector(grid, Selection.Select(_query, selector, grid, 0, around), SelectedAspect.Value, selector.Smoothed);
            case UnaryExpression unary:
                StepVector operand = Vector(unary.Operand, grid);
                return unary.Negates ? Unique(new NegatedVector(operand)) : operand;
            case BinaryExpression binary:
                return Binary(binary, grid);
            case AggregateExpression aggregate:
                return new ListVector(grid, Aggregate(aggregate, grid));
            case CallExpression call:
                return _calls.Vector(call, grid);
            default:
                throw new InvalidOperationException($"A {expression.Type.Name()} stands where a vector must.");
        }
    }

    /// <summary>One value a step.</summary>
    public double[] Scalar(Expression expression, StepGrid grid)
    {
        _query.CancellationToken.ThrowIfCancellationRequested();
        switch (expression)
        {
            case NumberLiteral number:
                return Filled(number.Value, grid);
            case ParenthesesExpression parentheses:
                return Scalar(parentheses.Operand, grid);
            case StepInvariantExpression invariant:
                return Filled(Scalar(invariant.Operand, StepGrid.Instant(grid.StartMs))[0], grid);
            case UnaryExpression unary:
                double[] values = Scalar(unary.Operand, grid);
                for (int step = 0; unary.Negates && step < values.Length; step++)
                    values[step] = -values[step];
                return values;
            case BinaryExpression binary:
                double[] left = Scalar(binary.Left, grid), right = Scalar(binary.Right, grid);
                for (int step = 0; step < left.Length; step++)
                    left[step] = FloatOperations.Apply(binary.Operator, left[step], right[step]);
                return left;
            case CallExpression call:
                return _calls.Scalar(call, grid);
            default:
                throw new InvalidOperationException($"A {expression.Type.Name()} stands where a scalar must.");
        }
    }

    public RangeVector Range(Expression expression, StepGrid grid, SelectHints around)
    {
        switch (expression)
        {
            case ParenthesesExpression parentheses:
                return Range(parentheses.Operand, grid, around);
            case StepInvariantExpression invariant:
                return Range(invariant.Operand, grid, around);
            case MatrixSelector matrix:
                Selection selection = Selection.Select(_query, matrix.Selector, grid, matrix.RangeMs, around);
                return new SelectedRange(grid, matrix.RangeMs, matrix.Selector.OffsetMs, matrix.Selector.At?.TimestampMs, selection);
            case SubqueryExpression subquery:
                return Subquery(subquery, grid);
            default:
                throw new InvalidOperationException($"A {expression.Type.Name()} stands where a range vector must.");
        }
    }

    /// <summary>Where names were dropped and series now have the same labels, puts these together.</summary>
    public StepVector Unique(StepVector vector) =>
        _query.DelayedNames || vector.HasUniqueNamelessLabels ? vector : new ListVector(vector.Grid, SeriesCollector.CollectVisible(_query, vector));

    private static double[] Filled(double value, StepGrid grid)
    {
        var values = new double[grid.Count];
        Array.Fill(values, value);
        return values;
    }

    private SubqueryRange Subquery(SubqueryExpression subquery, StepGrid grid)
    {
        long stepMs = subquery.StepMs > 0 ? subquery.StepMs : (long)_query.Options.DefaultSubqueryStep.TotalMilliseconds;
        long? fixedMs = subquery.At?.TimestampMs;
        long first = (fixedMs ?? grid.StartMs) - subquery.OffsetMs - subquery.RangeMs, last = (fixedMs ?? grid.EndMs) - subquery.OffsetMs;
        // The first multiple of the step behind the window's start, which is excluded.
        long start = stepMs * (first / stepMs);
        if (start <= first)
            start += stepMs;
        if (start > last)
            return new SubqueryRange(grid, subquery.RangeMs, subquery.OffsetMs, fixedMs, new ListVector(StepGrid.Instant(start), []), _query);
        long count = ((last - start) / stepMs) + 1;
        if (count > _query.Options.MaxSubquerySteps)
        {
            throw new QueryLimitException(QueryLimit.Steps,
                $"subquery has too many steps: the limit is {_query.Options.MaxSubquerySteps.ToString(CultureInfo.InvariantCulture)}. Try increasing its step or decreasing its range");
        }
        var inner = new StepGrid(start, stepMs, (int)count);
        return new SubqueryRange(grid, subquery.RangeMs, subquery.OffsetMs, fixedMs, Vector(subquery.Operand, inner), _query);
    }

    private StepVector Binary(BinaryExpression binary, StepGrid grid)
    {
        bool leftScalar = binary.Left.Type == ExpressionType.Scalar, rightScalar = binary.Right.Type == ExpressionType.Scalar;
        if (leftScalar && rightScalar)
            return new ScalarVector(grid, Scalar(binary, grid));
        if (leftScalar || rightScalar)
        {
            // Operands are evaluated in the order in which they are written.
            double[] scalars = leftScalar ? Scalar(binary.Left, grid) : [];
            StepVector vector = Vector(leftScalar ? binary.Right : binary.Left, grid);
            if (rightScalar)
                scalars = Scalar(binary.Right, grid);
            return Unique(new ScalarOperationVector(vector, scalars, leftScalar, new SampleOperation(_query, binary)));
        }
        List<StepSeries> left = SeriesCollector.CollectVisible(_query, Vector(binary.Left, grid));
        List<StepSeries> right = SeriesCollector.CollectVisible(_query, Vector(binary.Right, grid));
        List<StepSeries> result = binary.Operator.IsSet()
            ? SetOperation.Combine(_query, binary, grid, left, right)
            : VectorMatcher.Combine(_query, binary, grid, left, right);
        _query.Budget.Release(left);
        _query.Budget.Release(right);
        return new ListVector(grid, result);
    }

    private List<StepSeries> Aggregate(AggregateExpression aggregate, StepGrid grid)
    {
        double[] parameters = aggregate.Parameter is { Type: ExpressionType.Scalar } parameter ? Scalar(parameter, grid) : [];
        var around = new SelectHints(default, Function: aggregate.Operator.Text()) { Grouping = aggregate.Grouping, By = !aggregate.Without };
        StepVector vector = Vector(aggregate.Operand, grid, around);
        return aggregate.Operator switch
        {
            Aggregator.TopK or Aggregator.BottomK => RankAggregation.Evaluate(_query, aggregate, vector, parameters),
            Aggregator.LimitK => LimitAggregation.EvaluateCount(_query, aggregate, vector, parameters),
            Aggregator.LimitRatio => LimitAggregation.EvaluateRatio(_query, aggregate, vector, parameters),
            Aggregator.Quantile => QuantileAggregation.Evaluate(_query, aggregate, vector, parameters),
            Aggregator.CountValues => ValueCounts.Evaluate(_query, aggregate, vector, ((StringLiteral)Arguments.Unwrap(aggregate.Parameter!)).Value), // the parser asks for it
            _ => SimpleAggregation.Evaluate(_query, aggregate, vector),
        };
    }
}
