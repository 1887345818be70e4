using Grpc.Core;
using Observability.Protocol.V1;

namespace Observability.Collector.Pushing;

/// <summary>One stream, from Hello to its end.</summary>
internal sealed class PushStream(IngestService.IngestServiceClient client, ResendBuffer buffer, IPushHandler handler, TimeProvider time)
{
    /// <summary>Longest wait for Welcome and the first directory.</summary>
    private static readonly TimeSpan GreetingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for an acknowledgement: the connection may be dead without having said so.</summary>
    private static readonly TimeSpan AckTimeout = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<Limits> _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Limits _limits = new();
    private ulong _sent;
    private long _sentMs;
    private ulong _acknowledged;

    /// <summary>Completes when the stream is ready for batches.</summary>
    internal Task Greeted => _greeted.Task;

    /// <summary>Runs until the stream ends; returns where it should be opened anew without waiting.</summary>
    internal async Task RunAsync(Hello hello, string? token, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var headers = new Metadata();
        if (token is not null)
            headers.Add("authorization", "Bearer " + token);
        using AsyncDuplexStreamingCall<CollectorMessage, AggregatorMessage> call = client.Push(headers, cancellationToken: end.Token);
        await call.RequestStream.WriteAsync(new CollectorMessage { Hello = hello }, end.Token);
        Task reading = ReadAsync(call.ResponseStream, end.Token);
        Task writing = WriteAsync(call.RequestStream, end.Token);
        Task first = await Task.WhenAny(reading, writing);
        if (first == writing && writing.IsCompletedSuccessfully)
            await call.RequestStream.CompleteAsync();
        await end.CancelAsync();
        try
        {
            await Task.WhenAll(reading, writing);
        }
        catch (Exception) when (first.IsCompletedSuccessfully)
        {
            // The other half was cancelled, because the first one ended in order.
        }
        catch (Exception)
        {
            await first; // its failure is the cause
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<AggregatorMessage> messages, CancellationToken cancellationToken)
    {
        bool welcomed = false;
        while (await messages.MoveNext(cancellationToken))
        {
            AggregatorMessage message = messages.Current;
            switch (message.MessageCase)
            {
                case AggregatorMessage.MessageOneofCase.Welcome:
                    _limits = message.Welcome.Limits ?? new Limits();
                    welcomed = true;
                    handler.Welcomed(message.Welcome);
                    break;
                case AggregatorMessage.MessageOneofCase.Directory:
                    handler.DirectoryChanged(message.Directory);
                    if (welcomed && message.Directory.Full)
                        _greeted.TrySetResult(_limits);
                    break;
                case AggregatorMessage.MessageOneofCase.Ack:
                    Volatile.Write(ref _acknowledged, Math.Max(_acknowledged, message.Ack.Sequence));
                    handler.Acknowledged(message.Ack.Sequence);
                    break;
                case AggregatorMessage.MessageOneofCase.Refusals:
                    handler.Refused(message.Refusals);
                    break;
                case AggregatorMessage.MessageOneofCase.Resync:
                    handler.Resync(message.Resync);
                    break;
            }
        }
        throw new PushFailedException("The aggregator ended the stream.");
    }

    private async Task WriteAsync(IClientStreamWriter<CollectorMessage> messages, CancellationToken cancellationToken)
    {
        Limits limits;
        try
        {
            limits = await _greeted.Task.WaitAsync(GreetingTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new PushFailedException("The aggregator did not greet in time.");
        }
        var definitions = new DefinitionWriter(limits);
        var pending = new List<SeriesDefinitions>();
        while (true)
        {
            Task changed = buffer.Changed;
            if (buffer.TakeLoss() is { } loss)
                await SendLossAsync(messages, loss, cancellationToken);
            if (buffer.Next(_sent) is not { } batch)
            {
                await WaitAsync(changed, cancellationToken);
                continue;
            }
            if (IsOver(batch, limits))
            {
                buffer.Drop(batch, "over the aggregator's limits");
                continue;
            }
            if (definitions.IsFull && handler.RefCount < definitions.Count - definitions.Count / 10)
                return; // refs of ended series have filled the stream's table; a new stream starts an empty one
            pending.Clear();
            handler.Define(batch, definitions, pending);
            foreach (SeriesDefinitions message in pending)
                await messages.WriteAsync(new CollectorMessage { Definitions = message }, cancellationToken);
            await messages.WriteAsync(new CollectorMessage { Batch = batch }, cancellationToken);
            _sent = batch.Sequence;
            _sentMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        }
    }

    private async Task SendLossAsync(IClientStreamWriter<CollectorMessage> messages, LossReport loss, CancellationToken cancellationToken)
    {
        try
        {
            await messages.WriteAsync(new CollectorMessage { Loss = loss }, cancellationToken);
        }
        catch (Exception)
        {
            buffer.ReturnLoss(loss);
            throw;
        }
    }

    private async Task WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        bool waitsForAck = Volatile.Read(ref _acknowledged) < _sent;
        try
        {
            await changed.WaitAsync(waitsForAck ? AckTimeout : Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            if (Volatile.Read(ref _acknowledged) < _sent && time.GetUtcNow().ToUnixTimeMilliseconds() - _sentMs >= AckTimeout.TotalMilliseconds)
                throw new PushFailedException("The aggregator does not acknowledge.");
        }
    }

    private static bool IsOver(ScrapeBatch batch, Limits limits) =>
        (limits.MaxSamplesPerBatch > 0 && batch.Count > limits.MaxSamplesPerBatch) ||
        (limits.MaxMessageBytes > 0 && batch.CalculateSize() + 16 > limits.MaxMessageBytes);
}
