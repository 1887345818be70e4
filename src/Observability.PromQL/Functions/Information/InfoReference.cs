using Observability.PromQL.Syntax;

namespace Observability.PromQL.Functions.Information;

/// <summary>
/// As of which time info series are looked at: that of the samples which the first selector of the argument gives, so that an
/// <c>offset</c> or <c>@</c> there holds for both.
/// </summary>
/// <param name="At">The time, where it does not move with the step; its own offset is in <paramref name="OffsetMs"/>.</param>
/// <param name="OffsetMs">Taken off it, or off the step.</param>
internal readonly record struct InfoReference(AtModifier? At, long OffsetMs)
{
    /// <param name="argument">Durations resolved.</param>
    public static InfoReference Of(Expression argument) => Find(argument, default) ?? default;

    private static InfoReference? Find(Expression expression, InfoReference outer)
    {
        switch (expression)
        {
            case VectorSelector selector:
                return outer.Within(selector.At, selector.OffsetMs);
            case SubqueryExpression subquery:
                outer = outer.Within(subquery.At, subquery.OffsetMs);
                break;
        }
        foreach (Expression child in expression.Children)
        {
            if (Find(child, outer) is { } found)
                return found;
        }
        return null;
    }

    private InfoReference Within(AtModifier? at, long offsetMs) => at is null ? this with { OffsetMs = OffsetMs + offsetMs } : new InfoReference(at, offsetMs);
}
