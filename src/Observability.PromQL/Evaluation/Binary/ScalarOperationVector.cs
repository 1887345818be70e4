using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Binary;

/// <summary>A binary operator between a vector and a scalar.</summary>
internal sealed class ScalarOperationVector(StepVector vector, double[] scalars, bool scalarIsLeft, SampleOperation operation) : StepVector(vector.Grid)
{
    private readonly bool _dropsName = operation.ReturnBool || !(operation.Operator.IsComparison() || operation.Operator.IsTrim());

    public override int Count => vector.Count;

    public override bool HasUniqueNamelessLabels => vector.HasUniqueNamelessLabels;

    public override LabelSet LabelsOf(int series) => vector.LabelsOf(series);

    public override bool DropsName(int series) => _dropsName || vector.DropsName(series);

    public override void Read(int series, StepRow row, Worker worker)
    {
        vector.Read(series, row, worker);
        BinaryOperator @operator = operation.Operator;
        if (row.HasHistograms || @operator.IsTrim())
            ApplyToAll(row);
        else if (@operator.IsComparison())
            Compare(@operator, row.Values);
        else
            Compute(@operator, row.Values);
    }

    private void Compute(BinaryOperator @operator, double[] values)
    {
        for (int step = 0; step < values.Length; step++)
        {
            double value = values[step];
            if (StepValue.IsAbsent(value))
                continue;
            values[step] = scalarIsLeft ? FloatOperations.Apply(@operator, scalars[step], value) : FloatOperations.Apply(@operator, value, scalars[step]);
        }
    }

    private void Compare(BinaryOperator @operator, double[] values)
    {
        for (int step = 0; step < values.Length; step++)
        {
            double value = values[step];
            if (StepValue.IsAbsent(value))
                continue;
            bool holds = scalarIsLeft ? FloatOperations.Holds(@operator, scalars[step], value) : FloatOperations.Holds(@operator, value, scalars[step]);
            if (operation.ReturnBool)
                values[step] = holds ? 1 : 0;
            else if (!holds)
                values[step] = StaleMarker.Value;
        }
    }

    private void ApplyToAll(StepRow row)
    {
        for (int step = 0; step < row.Values.Length; step++)
        {
            StepValue value = row[step];
            if (!value.IsPresent)
                continue;
            StepValue scalar = scalars[step];
            bool done = scalarIsLeft ? operation.TryApply(scalar, value, out StepValue result, out bool holds) : operation.TryApply(value, scalar, out result, out holds);
            if (!done)
                result = StepValue.Absent;
            else if (operation.ReturnBool)
                result = holds ? 1 : 0;
            else if (!holds)
                result = StepValue.Absent;
            else if (operation.Operator.IsComparison())
                result = value; // also where it stands on the right
            row.Set(step, result);
        }
    }
}
