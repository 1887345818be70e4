namespace Observability.Exposition.Tests;

public sealed class ContentNegotiationTests
{
    [TestCase("text/plain; version=0.0.4; charset=utf-8; escaping=underscores", ExpositionFormat.Text)]
    [TestCase("text/plain;version=1.0.0;escaping=allow-utf-8", ExpositionFormat.Text)]
    [TestCase("text/plain", ExpositionFormat.Text)]
    [TestCase("TEXT/Plain ; Version=\"0.0.4\"", ExpositionFormat.Text)]
    [TestCase("application/openmetrics-text; version=1.0.0; charset=utf-8", ExpositionFormat.OpenMetrics)]
    [TestCase("application/openmetrics-text;version=0.0.1", ExpositionFormat.OpenMetrics)]
    [TestCase("application/openmetrics-text", ExpositionFormat.OpenMetrics)]
    public void The_answers_content_type_decides_the_format(string contentType, ExpositionFormat expected)
    {
        Assert.That(ContentNegotiation.TryGetFormat(contentType, null, out ExpositionFormat format, out string? error), Is.True);
        Assert.That((format, error), Is.EqualTo((expected, (string?)null)));
    }

    [TestCase("text/html")]
    [TestCase("text/plain; version=0.0.3")]
    [TestCase("application/openmetrics-text; version=2.0.0")]
    [TestCase("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")]
    public void Another_type_is_refused_with_its_name(string contentType)
    {
        Assert.That(ContentNegotiation.TryGetFormat(contentType, null, out _, out string? error), Is.False);
        Assert.That(error, Does.Contain(contentType));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("  ")]
    public void No_type_is_refused_without_a_fallback(string? contentType)
    {
        Assert.That(ContentNegotiation.TryGetFormat(contentType, null, out _, out string? error), Is.False);
        Assert.That(error, Does.Contain("no Content-Type"));
    }

    [TestCase(null)]
    [TestCase("text/html")]
    public void The_fallback_stands_in_for_a_blank_or_unknown_type(string? contentType)
    {
        Assert.That(ContentNegotiation.TryGetFormat(contentType, ExpositionFormat.OpenMetrics, out ExpositionFormat format, out _), Is.True);
        Assert.That(format, Is.EqualTo(ExpositionFormat.OpenMetrics));
    }

    [Test]
    public void What_a_target_calls_itself_cannot_break_the_log()
    {
        ContentNegotiation.TryGetFormat("text/x\r\nFATAL " + new string('x', 1000), null, out _, out string? error);

        Assert.That(error, Does.Not.Contain("\n").And.Length.LessThan(300));
    }
}
