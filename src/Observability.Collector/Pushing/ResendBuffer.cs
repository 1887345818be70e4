using Observability.Protocol.V1;

namespace Observability.Collector.Pushing;

/// <summary>
/// Batches that the aggregator has not acknowledged, oldest first, bounded by bytes and age. What does not fit drops the oldest, and
/// is remembered until it was reported. For several threads.
/// </summary>
internal sealed class ResendBuffer(long maxBytes, long maxAgeMs)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Item> _items = [];
    private LossReport? _loss;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal long Bytes { get; private set; }

    internal int Count
    {
        get { lock (_gate) return _items.Count; }
    }

    /// <summary>Samples dropped since the start.</summary>
    internal long LostSamples { get; private set; }

    /// <summary>When the oldest batch was made; null where all is acknowledged.</summary>
    internal long? OldestMs
    {
        get { lock (_gate) return _items.First?.Value.MadeMs; }
    }

    /// <summary>Completes at the next change.</summary>
    internal Task Changed
    {
        get { lock (_gate) return _changed.Task; }
    }

    internal void Add(ScrapeBatch batch, long nowMs)
    {
        lock (_gate)
        {
            var item = new Item(batch, batch.CalculateSize() + 200, nowMs); // and what the objects take
            _items.AddLast(item);
            Bytes += item.Bytes;
            while (_items.First is { } oldest && _items.Count > 1 && (Bytes > maxBytes || oldest.Value.MadeMs < nowMs - maxAgeMs))
                Lose(oldest.Value, "buffer full");
            Signal();
        }
    }

    /// <summary>All batches up to this one are stored.</summary>
    internal void Acknowledge(ulong sequence)
    {
        lock (_gate)
        {
            while (_items.First is { } oldest && oldest.Value.Batch.Sequence <= sequence)
                Remove(oldest.Value);
            Signal();
        }
    }

    /// <summary>The oldest batch behind a sequence; null where there is none.</summary>
    internal ScrapeBatch? Next(ulong behind)
    {
        lock (_gate)
        {
            foreach (Item item in _items)
                if (item.Batch.Sequence > behind)
                    return item.Batch;
            return null;
        }
    }

    /// <summary>Gives up a batch that can never be taken.</summary>
    internal void Drop(ScrapeBatch batch, string reason)
    {
        lock (_gate)
        {
            if (_items.FirstOrDefault(item => item.Batch == batch) is { } item)
                Lose(item, reason);
            Signal();
        }
    }

    /// <summary>Takes the report of what was lost since the last one; null where nothing was.</summary>
    internal LossReport? TakeLoss()
    {
        lock (_gate)
        {
            LossReport? loss = _loss;
            _loss = null;
            return loss;
        }
    }

    /// <summary>A report could not be sent: it is kept for the next stream.</summary>
    internal void ReturnLoss(LossReport loss)
    {
        lock (_gate)
        {
            if (_loss is { } newer)
            {
                loss.Samples += newer.Samples;
                loss.Batches += newer.Batches;
                loss.ToMs = newer.ToMs;
            }
            _loss = loss;
        }
    }

    private void Lose(Item item, string reason)
    {
        Remove(item);
        LostSamples += item.Batch.Count;
        _loss ??= new LossReport { FromMs = item.Batch.ScrapeTimeMs, Reason = reason };
        _loss.Samples += item.Batch.Count;
        _loss.Batches++;
        _loss.ToMs = item.Batch.ScrapeTimeMs;
    }

    private void Remove(Item item)
    {
        _items.Remove(item);
        Bytes -= item.Bytes;
    }

    private void Signal()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Item(ScrapeBatch Batch, long Bytes, long MadeMs);
}
