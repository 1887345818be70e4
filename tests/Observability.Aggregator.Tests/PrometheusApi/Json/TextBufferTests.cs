using System.Text;
using System.Text.Json;
using CsCheck;
using Observability.Aggregator.PrometheusApi.Json;

namespace Observability.Aggregator.Tests.PrometheusApi.Json;

public class TextBufferTests
{
    [Test]
    public void Any_text_reads_back_from_its_json() => Gen.String.Sample(text =>
    {
        using var buffer = new TextBuffer(16);
        buffer.String(text);

        // Half a surrogate pair is no character; JSON readers and writers alike put U+FFFD there.
        string expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return JsonSerializer.Deserialize<string>(buffer.Written.Span) == expected;
    });

    [Test]
    public void No_text_can_open_a_tag()
    {
        using var buffer = new TextBuffer(16);

        buffer.String("<img src=x onerror=\"a&b\">\u2028\n\u0001");

        Assert.That(Encoding.UTF8.GetString(buffer.Written.Span), Is.EqualTo("""
            "\u003cimg src=x onerror=\"a\u0026b\"\u003e\u2028\n\u0001"
            """));
    }

    [Test]
    public void It_grows_beyond_what_it_was_made_for()
    {
        using var buffer = new TextBuffer(16);

        buffer.Strings(Enumerable.Repeat("twenty characters ok", 5000));

        Assert.That(JsonSerializer.Deserialize<string[]>(buffer.Written.Span), Has.Length.EqualTo(5000));
    }
}
