using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Functions;

/// <summary>One call in a query, while it is evaluated.</summary>
internal sealed class FunctionCall
{
    public required CallExpression Expression { get; init; }

    /// <summary>The steps of the call.</summary>
    public required StepGrid Grid { get; init; }

    /// <summary>Only for <see cref="LabelFunction"/> and <see cref="VectorFunction"/>, which run on one thread.</summary>
    public required Annotations Annotations { get; init; }

    /// <summary>What a <see cref="VectorFunction"/> makes beyond its argument counts here.</summary>
    public required QueryBudget Budget { get; init; }

    /// <summary>By argument: one value a step where it is a scalar, else empty.</summary>
    public required IReadOnlyList<ReadOnlyMemory<double>> ScalarArguments { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    /// <summary>A scalar argument at a step.</summary>
    public double Scalar(int argument, int step) => ScalarArguments[argument].Span[step];
}
