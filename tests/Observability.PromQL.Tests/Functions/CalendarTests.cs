using CsCheck;
using Observability.PromQL.Functions.Values;

namespace Observability.PromQL.Tests.Functions;

internal sealed class CalendarTests
{
    [Test]
    public void It_agrees_with_the_platform_where_that_has_a_date() => Gen.Long[-62135596800, 253402300799].Sample(seconds =>
    {
        DateTimeOffset expected = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.That(Calendar.Of(seconds), Is.EqualTo(
            new Calendar(expected.Year, expected.Month, expected.Day, expected.DayOfYear, (int)expected.DayOfWeek, expected.Hour, expected.Minute)));
        Assert.That(Calendar.Of(seconds).DaysInMonth, Is.EqualTo(DateTime.DaysInMonth(expected.Year, expected.Month)));
    });

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    [TestCase(1e300)]
    [TestCase(-1e18)]
    public void Any_number_is_some_time(double seconds)
    {
        Calendar time = Calendar.Of(seconds);

        Assert.That(time.Month, Is.InRange(1, 12));
        Assert.That(time.Day, Is.InRange(1, time.DaysInMonth));
        Assert.That(time.DayOfWeek, Is.InRange(0, 6));
    }

    [Test]
    public void A_fraction_of_a_second_is_cut_off() => Assert.That(Calendar.Of(59.9), Is.EqualTo(Calendar.Of(59)));
}
