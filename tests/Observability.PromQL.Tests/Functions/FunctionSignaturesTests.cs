using Observability.PromQL.Functions.Signatures;

namespace Observability.PromQL.Tests.Functions;

internal sealed class FunctionSignaturesTests
{
    [Test]
    public void There_are_90_functions_of_which_17_are_experimental()
    {
        Assert.That(FunctionSignatures.All, Has.Count.EqualTo(90));
        Assert.That(FunctionSignatures.All.Count(signature => signature.IsExperimental), Is.EqualTo(17));
    }

    [TestCase("rate", ExpectedResult = true)]
    [TestCase("RATE", ExpectedResult = false)]
    [TestCase("sum", ExpectedResult = false)]
    [TestCase("holt_winters", ExpectedResult = false)]
    public bool A_function_is_found_by_its_exact_name(string name) => FunctionSignatures.TryGet(name, out _);
}
