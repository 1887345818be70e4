using System.Buffers.Binary;
using Google.Protobuf;
using Observability.Aggregator.PrometheusApi;
using Observability.Aggregator.PrometheusApi.RemoteRead;
using Observability.Model;
using Observability.Protocol.Prometheus;
using Snappier;

namespace Observability.Aggregator.Tests.PrometheusApi.RemoteRead;

public class RemoteReadTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await ApiServer.StartAsync();
        await _server.WriteAsync("acme", ApiServer.PodSeries("up", "acme", "web"), (-30, 1), (-15, 0.5), (-14.999, StaleMarker.Value));
        await _server.WriteAsync("acme", ApiServer.PodSeries("up", "acme", "db"), (-20, double.NaN), (-5, -1e300));
        await _server.WriteAsync("globex", ApiServer.PodSeries("up", "globex", "canary-v"), (-30, 42));
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task Samples_come_as_they_are_stored_markers_included()
    {
        Answer answer = await ReadAsync(Request([], Up(-30, -10), Up(-10, 0)));

        Assert.That(answer.Headers, Does.Contain("Content-Encoding: snappy").And.Contain("Content-Type: application/x-protobuf"));
        ReadResponse response = ReadResponse.Parser.ParseFrom(Snappy.DecompressToArray(answer.Body));
        Assert.That(response.Results.Select(result => result.Timeseries.Select(Show)), Is.EqualTo(new[]
        {
            new[] { "db: -20000=FFF8000000000000", "web: -30000=3FF0000000000000 -15000=3FE0000000000000 -14999=7FF0000000000002" },
            ["db: -5000=FE37E43C8800759C"],
        }));
        Assert.That(response.Results[0].Timeseries[0].Labels.Select(label => label.Name), Is.Ordered.And.Contains("tenant"));
    }

    [Test]
    public async Task Chunks_are_framed_and_hold_the_same_samples()
    {
        (double, double)[] many = [.. Enumerable.Range(0, 300).Select(i => (-3000.0 + i * 10 + i % 3 * 0.001, i * 0.1))];
        await _server.WriteAsync("acme", ApiServer.PodSeries("many", "acme", "web"), many);

        Answer answer = await ReadAsync(Request([ReadResponseType.StreamedXorChunks, ReadResponseType.Samples], Query("up", -3600, 0), Query("many", -3600, 0)));

        Assert.That(answer.Headers, Does.Contain("application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse"));
        List<ChunkedReadResponse> frames = Frames(answer.Body);
        Assert.That(frames.Select(frame => frame.QueryIndex), Is.EqualTo(new[] { 0, 0, 1 }));
        Assert.That(frames[2].ChunkedSeries.Single().Chunks.Select(chunk => BinaryPrimitives.ReadUInt16BigEndian(chunk.Data.Span)), Is.EqualTo(new[] { 120, 120, 60 }));
        foreach (XorEncodedChunk chunk in frames[2].ChunkedSeries.Single().Chunks)
            Assert.That(chunk.Type, Is.EqualTo(XorEncodedChunk.Types.Encoding.Xor));
        Assert.That(frames[2].ChunkedSeries[0].Chunks[0].MinTimeMs, Is.EqualTo(_server.NowMs - 3_000_000));
        Assert.That(frames[2].ChunkedSeries[0].Chunks[2].MaxTimeMs, Is.EqualTo(_server.NowMs - 10_000 + 2));
        Assert.That(frames[0].ChunkedSeries.Single().Labels.Single(label => label.Name == "pod").Value, Is.EqualTo("db"));
    }

    [Test]
    public async Task A_chunk_has_the_layout_of_Prometheus()
    {
        await _server.WriteAsync("acme", LabelSet.Of(("__name__", "one")), (-1, 2));
        long first = _server.NowMs - 1000;

        Answer answer = await ReadAsync(Request([ReadResponseType.StreamedXorChunks], Query("one", -10, 0)));

        byte[] time = new byte[10];
        int length = 0;
        for (ulong zigzag = (ulong)first << 1; ; zigzag >>= 7)
        {
            time[length++] = (byte)(zigzag < 0x80 ? zigzag : zigzag | 0x80);
            if (zigzag < 0x80)
                break;
        }
        Assert.That(Frames(answer.Body).Single().ChunkedSeries.Single().Chunks.Single().Data.ToByteArray(),
            Is.EqualTo((byte[])[0, 1, .. time[..length], 0x40, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Test]
    public async Task No_matcher_reaches_past_the_scope()
    {
        foreach (ReadQuery query in (ReadQuery[])[Query("", -3600, 0), new() { StartTimestampMs = long.MinValue, EndTimestampMs = long.MaxValue },
            Up(-3600, 0, ("tenant", LabelMatcher.Types.Type.Re, ".*")), Up(-3600, 0, ("pod", LabelMatcher.Types.Type.Eq, "canary-v"))])
        {
            foreach (ReadResponseType type in Enum.GetValues<ReadResponseType>())
            {
                Answer answer = await ReadAsync(Request([type], query));

                Assert.That(answer.Status, Is.EqualTo(200));
                Assert.That(System.Text.Encoding.Latin1.GetString(type == ReadResponseType.Samples ? Snappy.DecompressToArray(answer.Body) : answer.Body),
                    Does.Not.Contain("canary").And.Not.Contain("globex"));
            }
        }
    }

    [Test]
    public void A_declared_size_is_checked_before_memory_is_taken()
    {
        byte[][] bombs =
        [
            [0xff, 0xff, 0xff, 0xff, 0x0f, 0],       // 4 GiB
            [0xff, 0xff, 0xff, 0xff, 0x07, 0],       // 2 GiB
            [0x80, 0x80, 0x41, 0],                   // over a megabyte
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],    // no length
            [],
            [10, 0xf0],                              // shorter than it says
        ];
        foreach (byte[] bomb in bombs)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();

            ApiException? refused = Assert.Throws<ApiException>(() => ReadBody.Parse(bomb));

            Assert.That(refused!.Error, Is.EqualTo(ApiError.BadData));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(200_000));
        }
    }

    [TestCase("snappy, gzip", 400)]
    [TestCase("gzip", 400)]
    [TestCase("", 400)]
    [TestCase("snappy", 200)]
    public async Task The_body_is_packed_once(string encoding, int status) =>
        Assert.That((await ReadAsync(Request([], Up(-10, 0)), encoding)).Status, Is.EqualTo(status));

    [Test]
    public async Task What_is_no_request_is_400()
    {
        ReadRequest unknownType = Request([(ReadResponseType)9], Up(-10, 0));
        ReadRequest badPattern = Request([], Up(-10, 0, ("pod", LabelMatcher.Types.Type.Re, "(")));
        var tooMany = new ReadRequest();
        tooMany.Queries.AddRange(Enumerable.Repeat(Up(-10, 0), 17));
        foreach (ReadRequest request in (ReadRequest[])[unknownType, badPattern, tooMany])
            Assert.That((await ReadAsync(request)).Status, Is.EqualTo(400));
    }

    [Test]
    public void A_block_that_grows_too_long_is_refused()
    {
        var block = new SampleBlock(maxBytes: 1000);
        var samples = new SampleColumns();
        for (int i = 0; i < 60; i++)
            samples.Add(i, i);

        block.AddSeries(LabelSet.Of(("a", "b")), samples);

        Assert.Throws<ApiException>(() => block.AddSeries(LabelSet.Of(("a", "c")), samples));
    }

    private async Task<Answer> ReadAsync(ReadRequest request, string encoding = "snappy")
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri("/tenants/acme/api/v1/read", UriKind.Relative))
        {
            Content = new ByteArrayContent(Snappy.CompressToArray(request.ToByteArray())),
        };
        message.Content.Headers.ContentType = new("application/x-protobuf");
        if (encoding.Length > 0)
            message.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return await _server.SendAsync(message);
    }

    private static ReadRequest Request(ReadResponseType[] accepted, params ReadQuery[] queries)
    {
        var request = new ReadRequest();
        request.AcceptedResponseTypes.AddRange(accepted);
        request.Queries.AddRange(queries);
        return request;
    }

    private ReadQuery Up(double from, double to, params (string Name, LabelMatcher.Types.Type Type, string Value)[] matchers)
    {
        ReadQuery query = Query("up", from, to);
        query.Matchers.AddRange(matchers.Select(matcher => new LabelMatcher { Name = matcher.Name, Type = matcher.Type, Value = matcher.Value }));
        return query;
    }

    private ReadQuery Query(string name, double from, double to)
    {
        var query = new ReadQuery { StartTimestampMs = _server.NowMs + (long)(from * 1000), EndTimestampMs = _server.NowMs + (long)(to * 1000) };
        if (name.Length > 0)
            query.Matchers.Add(new LabelMatcher { Name = "__name__", Value = name });
        return query;
    }

    private string Show(TimeSeries series) => series.Labels.Single(label => label.Name == "pod").Value + ": " + string.Join(' ',
        series.Samples.Select(sample => $"{sample.Timestamp - _server.NowMs}={BitConverter.DoubleToInt64Bits(sample.Value):X16}"));

    private static List<ChunkedReadResponse> Frames(byte[] body)
    {
        var frames = new List<ChunkedReadResponse>();
        var input = new CodedInputStream(body);
        while (!input.IsAtEnd)
        {
            int length = (int)input.ReadUInt32();
            int start = (int)input.Position;
            byte[] data = body[(start + 4)..(start + 4 + length)];
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(start)), Is.EqualTo(Crc32C(data)));
            frames.Add(ChunkedReadResponse.Parser.ParseFrom(data));
            body = body[(start + 4 + length)..];
            input = new CodedInputStream(body);
        }
        return frames;
    }

    /// <summary>Bit by bit, as the polynomial has it.</summary>
    private static uint Crc32C(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in data)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0x82F63B78u & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
