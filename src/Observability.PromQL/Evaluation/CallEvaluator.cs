using Observability.Model;
using Observability.PromQL.Evaluation.Calls;
using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Evaluation.Ranges;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions;
using Observability.PromQL.Functions.Windows;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation;

/// <summary>Evaluates calls: the engine's own functions, and those of the tables.</summary>
internal sealed class CallEvaluator(QueryContext query, Evaluator evaluator)
{
    /// <summary>What may stand around an anchored selector, and around a smoothed one.</summary>
    private static readonly string[] AnchoredFunctions = ["changes", "delta", "increase", "rate", "resets"], SmoothedFunctions = ["delta", "increase", "rate"];

    public StepVector Vector(CallExpression call, StepGrid grid)
    {
        string name = call.Function.Name;
        if (WindowFunctions.TryGet(name, out WindowFunction? window))
            return Window(call, grid, window);
        switch (name)
        {
            case "vector":
                return new ScalarVector(grid, evaluator.Scalar(call.Arguments[0], grid));
            case "absent":
                return new ListVector(grid, Absence.Evaluate(query, evaluator.Vector(call.Arguments[0], grid), call.Arguments[0]));
            case "absent_over_time":
                RangeVector range = evaluator.Range(call.Arguments[0], grid, new SelectHints(default, Function: name));
                CheckExtension(range, name);
                WindowFunctions.TryGet("present_over_time", out WindowFunction? present);
                return new ListVector(grid, Absence.Evaluate(query, new WindowVector(query, call, range, present!, []), call.Arguments[0])); // the table has it
            case "timestamp" or "start_timestamp":
                return Timestamp(call, grid, name == "timestamp" ? SelectedAspect.Timestamp : SelectedAspect.StartTimestamp);
            case "info":
                return new ListVector(grid, InfoCall.Evaluate(query, call, evaluator.Vector(call.Arguments[0], grid)));
        }
        if (!FunctionTable.TryGet(name, out Function? function))
            throw new EvaluationException($"unknown function with name \"{name}\"");
        return function switch
        {
            SampleFunction sample => Sample(call, grid, sample),
            LabelFunction labels => Relabel(call, grid, labels),
            VectorFunction vector => Whole(call, grid, vector),
            _ => throw new InvalidOperationException($"{name} is of no known shape."),
        };
    }

    public double[] Scalar(CallExpression call, StepGrid grid)
    {
        var values = new double[grid.Count];
        switch (call.Function.Name)
        {
            case "time":
                for (int step = 0; step < values.Length; step++)
                    values[step] = grid.At(step) / 1000.0;
                return values;
            case "scalar":
                return ScalarOf(evaluator.Vector(call.Arguments[0], grid), values);
            case "max_of" or "min_of":
                double[] left = evaluator.Scalar(call.Arguments[0], grid), right = evaluator.Scalar(call.Arguments[1], grid);
                for (int step = 0; step < values.Length; step++)
                    values[step] = call.Function.Name == "max_of" ? Math.Max(left[step], right[step]) : Math.Min(left[step], right[step]);
                return values;
            default:
                Array.Fill(values, call.Function.Name switch
                {
                    "pi" => Math.PI,
                    "start" => query.Grid.StartMs / 1000.0,
                    "end" => query.EndMs / 1000.0,
                    "range" => (query.EndMs - query.Grid.StartMs) / 1000.0,
                    "step" => query.StepMs / 1000.0,
                    _ => throw new EvaluationException($"unknown function with name \"{call.Function.Name}\""),
                });
                return values;
        }
    }

    private StepVector Window(CallExpression call, StepGrid grid, WindowFunction function)
    {
        var parameters = new List<double[]>();
        RangeVector? range = null;
        foreach (Expression argument in call.Arguments)
        {
            if (argument.Type == ExpressionType.Matrix)
                range = evaluator.Range(argument, grid, new SelectHints(default, Function: call.Function.Name));
            else
                parameters.Add(evaluator.Scalar(argument, grid));
        }
        CheckExtension(range!, call.Function.Name); // every window function takes a range vector
        return evaluator.Unique(new WindowVector(query, call, range!, function, [.. parameters]));
    }

    private static void CheckExtension(RangeVector range, string function)
    {
        if (range.Anchored && !AnchoredFunctions.Contains(function))
            throw new EvaluationException($"anchored modifier can only be used with: {string.Join(", ", AnchoredFunctions)} - not with {function}");
        if (range.Smoothed && !SmoothedFunctions.Contains(function))
            throw new EvaluationException($"smoothed modifier can only be used with: {string.Join(", ", SmoothedFunctions)} - not with {function}");
    }

    private StepVector Timestamp(CallExpression call, StepGrid grid, SelectedAspect aspect)
    {
        if (Arguments.Unwrap(call.Arguments[0]) is VectorSelector selector)
        {
            Selection selection = Selection.Select(query, selector, grid, 0, new SelectHints(default, Function: call.Function.Name));
            return evaluator.Unique(new SelectedVector(grid, selection, aspect, smoothed: false));
        }
        StepVector vector = evaluator.Vector(call.Arguments[0], grid);
        return aspect == SelectedAspect.Timestamp ? evaluator.Unique(new StepTimeVector(vector)) : new ListVector(grid, []);
    }

    private StepVector Sample(CallExpression call, StepGrid grid, SampleFunction function)
    {
        FunctionCall prepared = Prepare(call, grid);
        Expression? argument = call.Arguments.FirstOrDefault(argument => argument.Type == ExpressionType.Vector);
        if (argument is not null)
            return evaluator.Unique(new SampleFunctionVector(evaluator.Vector(argument, grid), function, prepared));
        var times = new double[grid.Count];
        for (int step = 0; step < times.Length; step++)
            times[step] = grid.At(step) / 1000.0;
        return new SampleFunctionVector(new ScalarVector(grid, times), function, prepared);
    }

    private StepVector Relabel(CallExpression call, StepGrid grid, LabelFunction function)
    {
        Func<LabelSet, LabelSet> relabel = function.Prepare(Prepare(call, grid));
        StepVector vector = evaluator.Vector(call.Arguments[0], grid);
        bool setsName = Arguments.Text(call, 1) == LabelNames.MetricName;
        return RelabelledVector.Relabel(query, vector, relabel, setsName);
    }

    private ListVector Whole(CallExpression call, StepGrid grid, VectorFunction function)
    {
        FunctionCall prepared = Prepare(call, grid);
        Expression argument = call.Arguments.First(argument => argument.Type == ExpressionType.Vector);
        List<StepSeries> series = SeriesCollector.CollectVisible(query, evaluator.Vector(argument, grid));
        List<StepSeries> result = SeriesMerging.Merge(function.Evaluate(prepared, series), grid.Count);
        var passed = new HashSet<StepSeries>(result, ReferenceEqualityComparer.Instance);
        query.Budget.Release(series.FindAll(one => !passed.Contains(one)));
        return new ListVector(grid, result);
    }

    private FunctionCall Prepare(CallExpression call, StepGrid grid) => new()
    {
        Expression = call,
        Grid = grid,
        Annotations = query.Annotations,
        Budget = query.Budget,
        CancellationToken = query.CancellationToken,
        ScalarArguments = [.. call.Arguments.Select(argument => argument.Type == ExpressionType.Scalar ? evaluator.Scalar(argument, grid) : ReadOnlyMemory<double>.Empty)],
    };

    /// <summary>The value of the one series that has one; NaN where none or several have, or a histogram.</summary>
    private double[] ScalarOf(StepVector vector, double[] values)
    {
        Array.Fill(values, double.NaN);
        var found = new bool[values.Length];
        Worker worker = query.Workers.Rent();
        StepRow row = worker.RentRow(values.Length);
        for (int series = 0; series < vector.Count; series++)
        {
            query.CancellationToken.ThrowIfCancellationRequested();
            vector.Read(series, row, worker);
            for (int step = 0; step < values.Length; step++)
            {
                if (StepValue.IsAbsent(row.Values[step]))
                    continue;
                values[step] = found[step] ? double.NaN : row.Values[step];
                found[step] = true;
            }
        }
        worker.Return(row);
        query.Workers.Return(worker);
        return values;
    }
}
