using Grpc.Core;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;

namespace Observability.Aggregator.Tests.Ingest;

/// <summary>A collector's side of one stream.</summary>
internal sealed class CollectorStream : IDisposable
{
    private readonly AsyncDuplexStreamingCall<CollectorMessage, AggregatorMessage> _call;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));

    public CollectorStream(TestAggregator aggregator, string token) =>
        _call = aggregator.Ingest().Push(new Metadata { { "authorization", "Bearer " + token } });

    public Task SendAsync(CollectorMessage message) => _call.RequestStream.WriteAsync(message, _timeout.Token);

    public async Task<Welcome> HelloAsync(string node, string collector = "c1")
    {
        await SendAsync(new CollectorMessage { Hello = new Hello { Node = node, CollectorId = collector, Protocol = 1, Cluster = "default" } });
        Welcome welcome = (await NextAsync()).Welcome;
        Assert.That((await NextAsync()).Directory.Full, Is.True);
        return welcome;
    }

    public Task DefineAsync(uint reference, string pod, string tenant, string name = "container_memory_rss", RowKind kind = RowKind.Container, params string[] labels)
    {
        var definitions = new SeriesDefinitions { Symbols = { name } };
        definitions.Symbols.AddRange(labels);
        var series = new SeriesDefinition
        {
            Ref = reference, Name = Symbols, Kind = kind, PodUid = pod, Tenant = tenant, Container = kind == RowKind.Container ? "main" : "", MetricsPath = "/metrics/cadvisor",
        };
        for (uint i = 0; i < labels.Length; i++)
            series.Labels.Add(Symbols + 1 + i);
        Symbols += (uint)(1 + labels.Length);
        definitions.Series.Add(series);
        return SendAsync(new CollectorMessage { Definitions = definitions });
    }

    public uint Symbols { get; private set; }

    public Task BatchAsync(ulong sequence, params BatchSample[] samples)
    {
        var batch = new ScrapeBatch { Sequence = sequence, ScrapeTimeMs = samples.Length > 0 ? samples[0].TimestampMs : 0 };
        BatchCodec.Encode(samples, batch);
        return SendAsync(new CollectorMessage { Batch = batch });
    }

    public async Task<AggregatorMessage> NextAsync() =>
        await _call.ResponseStream.MoveNext(_timeout.Token) ? _call.ResponseStream.Current : throw new EndOfStreamException();

    /// <summary>The next answer of a kind; others in between are passed over.</summary>
    public async Task<AggregatorMessage> NextAsync(AggregatorMessage.MessageOneofCase kind)
    {
        AggregatorMessage message;
        do
            message = await NextAsync();
        while (message.MessageCase != kind);
        return message;
    }

    public async Task<RefusalReason> RefusalAsync() =>
        (await NextAsync(AggregatorMessage.MessageOneofCase.Refusals)).Refusals.Refusals_.Single().Reason;

    public async Task<ulong> AckAsync() => (await NextAsync(AggregatorMessage.MessageOneofCase.Ack)).Ack.Sequence;

    public async Task<StatusCode> EndAsync()
    {
        try
        {
            while (true)
                await NextAsync();
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
        catch (EndOfStreamException)
        {
            return StatusCode.OK;
        }
    }

    /// <summary>Ends the stream in good order; returns when the aggregator has let go of it.</summary>
    public async Task CloseAsync()
    {
        await _call.RequestStream.CompleteAsync();
        Assert.That(await EndAsync(), Is.EqualTo(StatusCode.OK));
    }

    public void Dispose()
    {
        _call.Dispose();
        _timeout.Dispose();
    }
}
