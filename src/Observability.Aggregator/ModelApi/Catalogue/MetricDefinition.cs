using System.Collections.Immutable;

namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>One metric of the view.</summary>
/// <param name="Name">Heapster's name, such as <c>cpu/usage_rate</c>.</param>
/// <param name="Unit">Of its values, in words.</param>
/// <param name="Description">One sentence, for the reference.</param>
/// <param name="Formulas">One for each level that has the metric.</param>
internal sealed record MetricDefinition(string Name, string Unit, string Description, ImmutableArray<MetricFormula> Formulas)
{
    internal MetricFormula? At(ObjectLevel level)
    {
        foreach (MetricFormula formula in Formulas)
        {
            if ((formula.Levels & level) != 0)
                return formula;
        }
        return null;
    }
}
