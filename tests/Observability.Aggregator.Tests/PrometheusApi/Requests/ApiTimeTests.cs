using Observability.Aggregator.PrometheusApi.Requests;

namespace Observability.Aggregator.Tests.PrometheusApi.Requests;

public class ApiTimeTests
{
    [TestCase("0", 0)]
    [TestCase("4", 4000)]
    [TestCase("1435781430.781", 1435781430781)]
    [TestCase("-1.5", -1500)]
    [TestCase("1e9", 1_000_000_000_000)]
    [TestCase("1769860800123", 1769860800123000)] // milliseconds taken for seconds: the year 58,000
    [TestCase("2015-07-01T20:10:51.781Z", 1435781451781)]
    [TestCase("2015-07-01T20:10:51+02:00", 1435774251000)]
    [TestCase("2015-07-01T20:10:51.781999999Z", 1435781451781)]
    public void A_time_is_seconds_or_rfc_3339(string text, long expected)
    {
        Assert.That(ApiTime.TryParse(text, out long timestampMs), Is.True);
        Assert.That(timestampMs, Is.EqualTo(expected));
    }

    [TestCase("1e300", ApiTime.MaxMs)]
    [TestCase("-1e300", ApiTime.MinMs)]
    [TestCase("1e400", ApiTime.MaxMs)]
    [TestCase("-292273086-05-16T16:47:06Z", ApiTime.MinMs)]
    [TestCase("292277025-08-18T07:12:54.999999999Z", ApiTime.MaxMs)]
    public void A_time_beyond_all_times_is_the_last_one(string text, long expected)
    {
        Assert.That(ApiTime.TryParse(text, out long timestampMs), Is.True);
        Assert.That(timestampMs, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("now")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("∞")]
    [TestCase(" 1")]
    [TestCase("1,000")]
    [TestCase("2015-07-01")]
    [TestCase("2015-07-01T20:10:51")]
    public void Anything_else_is_no_time(string text) => Assert.That(ApiTime.TryParse(text, out _), Is.False);

    [TestCase("15", 15000)]
    [TestCase("0.001", 1)]
    [TestCase("1m0s", 60000)]
    [TestCase("1h30m", 5400000)]
    public void A_duration_is_seconds_or_units(string text, long expected)
    {
        Assert.That(ApiTime.TryParseDuration(text, out long milliseconds), Is.True);
        Assert.That(milliseconds, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("s")]
    [TestCase("1x")]
    [TestCase("1e300")]
    [TestCase("NaN")]
    public void Anything_else_is_no_duration(string text) => Assert.That(ApiTime.TryParseDuration(text, out _), Is.False);
}
