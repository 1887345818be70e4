namespace Observability.Aggregator.ModelApi.Grpc;

/// <summary>Bounds the open watches, of all callers together and of each.</summary>
internal sealed class WatchSlots(ModelOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byCaller = new(StringComparer.Ordinal); // never more keys than watches
    private int _open;

    /// <summary>Takes a slot, to be disposed at the watch's end; null where none is free.</summary>
    internal IDisposable? TryTake(string caller)
    {
        lock (_lock)
        {
            int own = _byCaller.GetValueOrDefault(caller);
            if (_open >= options.MaxWatches || own >= options.MaxWatchesPerCaller)
                return null;
            _open++;
            _byCaller[caller] = own + 1;
            return new Slot(this, caller);
        }
    }

    private void GiveBack(string caller)
    {
        lock (_lock)
        {
            _open--;
            if (--_byCaller[caller] == 0)
                _byCaller.Remove(caller);
        }
    }

    private sealed class Slot(WatchSlots slots, string caller) : IDisposable
    {
        private WatchSlots? _slots = slots;

        public void Dispose() => Interlocked.Exchange(ref _slots, null)?.GiveBack(caller);
    }
}
