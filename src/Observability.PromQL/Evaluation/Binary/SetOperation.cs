using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Binary;

/// <summary><c>and</c>, <c>or</c>, <c>unless</c>: by signature and step, what the other side has decides what is kept.</summary>
internal static class SetOperation
{
    public static List<StepSeries> Combine(QueryContext query, BinaryExpression expression, StepGrid grid, List<StepSeries> left, List<StepSeries> right)
    {
        LabelGrouper signatures = VectorMatcher.Signatures(expression.Matching ?? new VectorMatching());
        bool or = expression.Operator == BinaryOperator.Or, unless = expression.Operator == BinaryOperator.Unless;
        List<bool[]> present = PresentBySignature(query, signatures, grid, or ? left : right);
        if (!or)
            return Keep(query, signatures, grid, left, present, where: !unless);
        List<StepSeries> added = Keep(query, signatures, grid, right, present, where: false);
        foreach (StepSeries series in left)
            query.Budget.Hold(series);
        return SeriesMerging.Merge([.. left, .. added], grid.Count);
    }

    private static List<bool[]> PresentBySignature(QueryContext query, LabelGrouper signatures, StepGrid grid, List<StepSeries> series)
    {
        var present = new List<bool[]>();
        foreach (StepSeries one in series)
        {
            query.CancellationToken.ThrowIfCancellationRequested();
            int signature = signatures.GroupOf(one.Labels);
            if (signature == present.Count)
                present.Add(new bool[grid.Count]);
            bool[] steps = present[signature];
            for (int step = 0; step < steps.Length; step++)
                steps[step] |= one[step].IsPresent;
        }
        return present;
    }

    /// <summary>Keeps values at the steps where the signature is present (or is not).</summary>
    private static List<StepSeries> Keep(QueryContext query, LabelGrouper signatures, StepGrid grid, List<StepSeries> series, List<bool[]> present, bool where)
    {
        var kept = new List<StepSeries>();
        foreach (StepSeries one in series)
        {
            query.CancellationToken.ThrowIfCancellationRequested();
            int signature = signatures.Find(one.Labels);
            if (signature < 0)
            {
                if (!where)
                {
                    query.Budget.Hold(one);
                    kept.Add(one);
                }
                continue;
            }
            bool[] steps = present[signature];
            bool any = false;
            StepSeries result = StepSeries.Empty(one.Labels, one.DropsName, grid.Count);
            for (int step = 0; step < grid.Count; step++)
            {
                if (steps[step] != where || one[step] is not { IsPresent: true } value)
                    continue;
                result.Set(step, value);
                any = true;
            }
            if (!any)
                continue;
            query.Budget.Hold(result);
            kept.Add(result);
        }
        return kept;
    }
}
