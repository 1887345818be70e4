using CsCheck;
using Observability.PromQL.Functions.Labels;

namespace Observability.PromQL.Tests.Functions;

internal sealed class NaturalOrderTests
{
    [TestCase("9", "10", ExpectedResult = -1)]
    [TestCase("node9", "node10", ExpectedResult = -1)]
    [TestCase("4m600", "4m1000", ExpectedResult = -1)]
    [TestCase("1.11.3", "1.2.3", ExpectedResult = 1)]
    [TestCase("a", "b", ExpectedResult = -1)]
    [TestCase("", "a", ExpectedResult = -1)]
    [TestCase("a1", "a", ExpectedResult = 1)]
    [TestCase("123456789012345678901234567890", "123456789012345678901234567891", ExpectedResult = -1)]
    public int Numbers_within_texts_count_by_their_value(string left, string right) => Math.Sign(NaturalOrder.Compare(left, right));

    [Test]
    public void It_is_an_order()
    {
        Gen<string> text = Gen.Char["019ab."].Array[0, 6].Select(chars => new string(chars));

        Gen.Select(text, text, text).Sample((a, b, c) =>
        {
            Assert.That(Math.Sign(NaturalOrder.Compare(a, b)), Is.EqualTo(-Math.Sign(NaturalOrder.Compare(b, a))));
            Assert.That(NaturalOrder.Compare(a, b) == 0, Is.EqualTo(a == b));
            if (NaturalOrder.Compare(a, b) <= 0 && NaturalOrder.Compare(b, c) <= 0)
                Assert.That(NaturalOrder.Compare(a, c), Is.LessThanOrEqualTo(0));
        });
    }
}
