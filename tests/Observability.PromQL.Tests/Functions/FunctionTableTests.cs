using Observability.PromQL.Functions;
using Observability.PromQL.Functions.Signatures;
using Observability.PromQL.Functions.Windows;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Tests.Functions;

internal sealed class FunctionTableTests
{
    // They need the time, the source or all series at once.
    private static readonly string[] TheEnginesOwn =
    [
        "absent", "absent_over_time", "end", "info", "max_of", "min_of", "pi", "range", "scalar", "start", "start_timestamp", "step", "time", "timestamp", "vector",
    ];

    [Test]
    public void Every_function_of_the_language_is_implemented()
    {
        string[] missing =
        [
            .. FunctionSignatures.All.Select(signature => signature.Name)
                .Where(name => !FunctionTable.TryGet(name, out _) && !WindowFunctions.TryGet(name, out _)).Order(StringComparer.Ordinal),
        ];

        Assert.That(missing, Is.EqualTo(TheEnginesOwn));
    }

    [Test]
    public void A_function_of_range_vectors_is_a_window_function()
    {
        foreach (FunctionSignature signature in FunctionSignatures.All)
        {
            bool takesRange = signature.ArgumentTypes.Contains(ExpressionType.Matrix) && signature.Name != "absent_over_time";

            Assert.That(WindowFunctions.TryGet(signature.Name, out _), Is.EqualTo(takesRange), signature.Name);
        }
    }
}
