using System.Threading.Channels;
using Grpc.Core;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.Ingest;

/// <summary>
/// One collector's open stream. Four loops share it: reading messages, following the directory, checking the right, and writing answers.
/// The first to end ends the others. What it holds is bounded: one message, one batch, a few answers, the series table.
/// </summary>
internal sealed class IngestStream(
    StreamSeat seat, AggregatorOptions options, MetricStore store, TenantDirectory directory, IngestMetrics metrics, RefusalLog refusalLog,
    TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan ResyncInterval = TimeSpan.FromSeconds(10);
    private readonly SeriesTable _series = new(seat.Node, options, store, metrics, refusalLog);
    private readonly RateGate _rate = new(options.Ingest.SamplesPerSecondPerNode, time);
    private readonly List<BatchSample> _samples = [];

    // The series table belongs to whoever holds this: the reading loop or the directory loop.
    private readonly SemaphoreSlim _turn = new(1, 1);

    // A collector that does not read its answers is not read from either.
    private readonly Channel<AggregatorMessage> _answers = Channel.CreateBounded<AggregatorMessage>(16);
    private long? _lastResync;

    /// <summary>The series that the stream feeds; to be asked for when it has ended.</summary>
    public IEnumerable<SeriesHandle> Series => _series.Handles();

    /// <param name="checkRight">Runs until the right is gone, and then throws what the collector is told.</param>
    /// <returns>When the collector has ended the stream.</returns>
    public async Task RunAsync(
        Welcome welcome, IAsyncStreamReader<CollectorMessage> messages, IServerStreamWriter<AggregatorMessage> answers,
        Func<CancellationToken, Task> checkRight, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await _answers.Writer.WriteAsync(new AggregatorMessage { Welcome = welcome }, end.Token);
        using DirectorySubscription changes = directory.Subscribe(seat.Node);
        // The first answer behind Welcome is the whole state, so no definition can be judged by a directory older than what was sent.
        await TellDirectoryAsync(await changes.NextAsync(end.Token), end.Token);

        Task[] loops = [ReadAsync(messages, end.Token), FollowAsync(changes, end.Token), checkRight(end.Token), WriteAsync(answers, end.Token)];
        Task first = await Task.WhenAny(loops);
        await end.CancelAsync();
        await Task.WhenAll(loops).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
    }

    public void Dispose() => _turn.Dispose();

    private async Task ReadAsync(IAsyncStreamReader<CollectorMessage> messages, CancellationToken cancellationToken)
    {
        while (await messages.MoveNext(cancellationToken))
        {
            CollectorMessage message = messages.Current;
            int work = 10; // a message without samples is work as well
            await _turn.WaitAsync(cancellationToken);
            try
            {
                switch (message.MessageCase)
                {
                    case CollectorMessage.MessageOneofCase.Definitions:
                        await DefineAsync(message.Definitions, cancellationToken);
                        work += message.Definitions.Series.Count;
                        break;
                    case CollectorMessage.MessageOneofCase.Batch:
                        await StoreAsync(message.Batch, cancellationToken);
                        work += (int)message.Batch.Count; // decoding has shown it to be within the limit
                        break;
                    case CollectorMessage.MessageOneofCase.Loss:
                        metrics.Lost(message.Loss.Samples);
                        refusalLog.Lost(seat.Node, message.Loss.Samples);
                        break;
                    case CollectorMessage.MessageOneofCase.Hello:
                        throw new StreamViolationException("Hello stands at the beginning of a stream and nowhere else.");
                    default:
                        break; // a newer collector's message: what is not known is not needed
                }
            }
            finally
            {
                _turn.Release();
            }
            await _rate.TakeAsync(work, cancellationToken);
        }
    }

    private async Task DefineAsync(SeriesDefinitions definitions, CancellationToken cancellationToken)
    {
        Refusals? refusals = _series.Define(definitions, directory.Current, seat.Feeds);
        if (refusals is not null)
            await _answers.Writer.WriteAsync(new AggregatorMessage { Refusals = refusals }, cancellationToken);
    }

    private async Task StoreAsync(ScrapeBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Sequence == 0)
            throw new StreamViolationException("A batch has no sequence.");
        BatchCodec.Decode(batch, options.Ingest.MaxSamplesPerBatch, _samples);
        if (batch.StaleRefs.Count > options.Ingest.MaxSeriesPerNode)
            throw new StreamViolationException("A batch ends more series than a stream can have.");

        ulong acknowledged = seat.Acknowledged;
        if (batch.Sequence <= acknowledged)
        {
            metrics.BatchRedelivered();
            await AcknowledgeAsync(acknowledged, cancellationToken);
            return;
        }

        int unknownRefs;
        using (WriteBatch write = store.BeginBatch())
        {
            _series.Append(_samples, directory.Current, write, out unknownRefs);
            _series.End(batch.StaleRefs, write);
            // Not to be given up halfway: once begun, a batch is stored, whatever happens to the stream.
            metrics.Stored(await write.CommitAsync(CancellationToken.None));
        }
        seat.Acknowledge(batch.Sequence);
        metrics.BatchStored();
        await AcknowledgeAsync(batch.Sequence, cancellationToken);

        if (unknownRefs > 0 && (_lastResync is not { } last || time.GetElapsedTime(last) >= ResyncInterval))
        {
            _lastResync = time.GetTimestamp();
            await ResyncAsync("undefined", [], cancellationToken);
        }
    }

    private async Task FollowAsync(DirectorySubscription changes, CancellationToken cancellationToken)
    {
        await foreach (NodeChange change in changes.ReadAllAsync(cancellationToken))
        {
            IReadOnlyList<string> changed;
            await _turn.WaitAsync(cancellationToken);
            try
            {
                using WriteBatch write = store.BeginBatch();
                changed = _series.EndChangedOwners(directory.Current, write);
                foreach (SeriesHandle series in _series.Forget(change))
                    write.AddStale(series);
                await write.CommitAsync(CancellationToken.None);
            }
            finally
            {
                _turn.Release();
            }
            await TellDirectoryAsync(change, cancellationToken);
            if (changed.Count > 0)
                await ResyncAsync("owner_changed", changed, cancellationToken);
        }
    }

    private async Task WriteAsync(IServerStreamWriter<AggregatorMessage> answers, CancellationToken cancellationToken)
    {
        await foreach (AggregatorMessage answer in _answers.Reader.ReadAllAsync(cancellationToken))
            await answers.WriteAsync(answer, cancellationToken);
    }

    private ValueTask TellDirectoryAsync(NodeChange change, CancellationToken cancellationToken) =>
        _answers.Writer.WriteAsync(new AggregatorMessage { Directory = DirectoryMessages.From(change, directory.Current) }, cancellationToken);

    private ValueTask AcknowledgeAsync(ulong sequence, CancellationToken cancellationToken) =>
        _answers.Writer.WriteAsync(new AggregatorMessage { Ack = new Ack { Sequence = sequence } }, cancellationToken);

    private ValueTask ResyncAsync(string reason, IReadOnlyList<string> podUids, CancellationToken cancellationToken)
    {
        metrics.Resync(reason);
        var resync = new Resync { Reason = reason };
        resync.PodUids.AddRange(podUids);
        return _answers.Writer.WriteAsync(new AggregatorMessage { Resync = resync }, cancellationToken);
    }
}
