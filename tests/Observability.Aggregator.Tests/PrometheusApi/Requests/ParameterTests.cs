using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.Tests.PrometheusApi.Requests;

/// <summary>A parameter means one thing wherever it stands.</summary>
public class ParameterTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await ApiServer.StartAsync();
        await _server.WriteAsync("acme", ApiServer.PodSeries("up", "acme", "web"), (-10, 1));
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("", "match[]=up")]
    [TestCase("", "match%5B%5D=up&match[]=down")]
    [TestCase("?match[]=up", "start=0")]
    [TestCase("?match[]=up", "")]
    public async Task A_form_counts_as_the_query_string_does(string query, string form)
    {
        Answer posted = await _server.PostFormAsync("/api/v1/series" + query, form);

        Assert.That(posted, Is.EqualTo(await _server.GetAsync("/api/v1/series?match[]=up")).Using<Answer>(Same));
        Assert.That(posted.Status, Is.EqualTo(200));
    }

    [TestCase("?match[]=up", "match[]=up", "both in the query string and in the body")]
    [TestCase("?start=1", "match[]=up&start=2", "both in the query string and in the body")]
    [TestCase("", "match[]=up&start=1&start=2", "stands more than once")]
    [TestCase("", "match[]=up&st%61rt=1&start=2", "stands more than once")]
    [TestCase("", "match=up", "unknown parameter match")]
    [TestCase("", "match[]=up&extra_filters[]=up", "unknown parameter extra_filters[]")]
    [TestCase("", "match[]=%zz", "percent-encoded")]
    [TestCase("", "match[]=%c0%af", "percent-encoded")]
    [TestCase("", "match[]=%2", "percent-encoded")]
    public async Task What_could_be_read_in_two_ways_is_refused(string query, string form, string reason)
    {
        Answer answer = await _server.PostFormAsync("/api/v1/series" + query, form);

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Text, Does.StartWith("""{"status":"error","errorType":"bad_data","error":""").And.Contain(reason));
    }

    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/json")]
    [TestCase("application/x-www-form-urlencoded; charset=utf-16")]
    public async Task A_body_that_is_no_form_is_refused(string contentType)
    {
        Answer answer = await _server.PostFormAsync("/api/v1/series?match[]=up", "a=b", contentType: contentType);

        Assert.That(answer.Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_packed_form_is_not_unpacked()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/series", UriKind.Relative)) { Content = new ByteArrayContent([1, 2, 3]) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        request.Content.Headers.ContentEncoding.Add("gzip");

        Assert.That((await _server.SendAsync(request)).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_long_form_is_cut_off() =>
        Assert.That((await _server.PostFormAsync("/api/v1/series", "match[]=" + new string('a', 100_000))).Status, Is.EqualTo(413));

    [Test]
    public async Task A_body_behind_GET_is_refused()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/series?match[]=up", UriKind.Relative)) { Content = new ByteArrayContent("match[]=x"u8.ToArray()) };

        Assert.That((await _server.SendAsync(request)).Status, Is.EqualTo(400));
    }

    [TestCase("POST", "/api/v1/label/job/values")]
    [TestCase("PUT", "/api/v1/series")]
    [TestCase("OPTIONS", "/api/v1/query")] // no CORS: a browser's page of another origin gets nothing
    [TestCase("HEAD", "/api/v1/labels")]
    [TestCase("GET", "/api/v1/read")]
    [TestCase("POST", "/federate")]
    public async Task Another_method_is_another_route(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Add("Origin", "https://example.org");

        Answer answer = await _server.SendAsync(request);

        Assert.That(answer.Status, Is.EqualTo(404));
        Assert.That(answer.Headers, Does.Not.Contain("Access-Control"));
    }

    [TestCase("a+b%20c%2B", ExpectedResult = "a b c+")]
    [TestCase("%e2%82%ac", ExpectedResult = "€")]
    [TestCase("%00", ExpectedResult = "\0")]
    [TestCase("%", ExpectedResult = null)]
    [TestCase("%1", ExpectedResult = null)]
    [TestCase("%+1", ExpectedResult = null)]
    [TestCase("é", ExpectedResult = null)]
    public string? An_encoding_has_one_meaning_or_none(string text) => RequestParameters.Decode(text);

    private static bool Same(Answer left, Answer right) => left.Status == right.Status && left.Headers == right.Headers && left.Text == right.Text;
}
