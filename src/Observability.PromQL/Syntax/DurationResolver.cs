namespace Observability.PromQL.Syntax;

/// <summary>Puts values where durations have to be computed, once the query's times are known.</summary>
public static class DurationResolver
{
    /// <param name="expression">Not changed; returned itself where nothing has to be computed.</param>
    /// <param name="startMs">The query's first step.</param>
    /// <param name="endMs">The query's last step.</param>
    /// <param name="stepMs">0 for an instant query.</param>
    /// <exception cref="PromQlException">A duration is zero or negative where it must not be, or out of range.</exception>
    public static Expression Resolve(Expression expression, long startMs, long endMs, long stepMs)
    {
        throw new NotImplementedException();
    }
}
