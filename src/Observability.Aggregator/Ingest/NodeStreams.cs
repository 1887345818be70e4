using Observability.Storage;

namespace Observability.Aggregator.Ingest;

/// <summary>
/// What is kept of nodes beyond one stream: which stream is the node's present one, what is acknowledged, and the series that wait for
/// their collector to come back. Bounded by the nodes that the directory knows, since no other node gets a stream.
/// </summary>
internal sealed class NodeStreams(AggregatorOptions options, MetricStore store, IngestMetrics metrics, TimeProvider time)
{
    private const int MaxCollectorsPerNode = 4;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    /// <summary>Makes a stream the node's present one; one that was there before is told to end.</summary>
    public StreamSeat Enter(string node, string collectorId)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(node, out Node? state))
                _nodes.Add(node, state = new Node());
            StreamSeat? replaced = state.Seat;
            state.Seat = new StreamSeat(this, node, collectorId, replaced);
            replaced?.Replace();
            return state.Seat;
        }
    }

    /// <summary>Ends the series of nodes that have not come back; forgets nodes of which nothing is left to wait for.</summary>
    public async Task SweepAsync(Func<string, bool> isKnownNode, CancellationToken cancellationToken)
    {
        List<(Node Node, SeriesHandle Series, long Since)> expired = [];
        lock (_lock)
        {
            long now = time.GetTimestamp();
            List<string> gone = [];
            foreach ((string name, Node node) in _nodes)
            {
                foreach ((SeriesHandle series, long since) in node.Waiting)
                {
                    if (time.GetElapsedTime(since, now) < options.Ingest.StaleAfter)
                        continue;
                    if (series.IsDeleted)
                        node.Waiting.Remove(series); // nothing is left that could end
                    else
                        expired.Add((node, series, since));
                }
                if (node is { Seat: null, Waiting.Count: 0 } && !isKnownNode(name))
                    gone.Add(name);
            }
            foreach (string name in gone)
                _nodes.Remove(name);
        }
        if (expired.Count == 0)
            return;
        using WriteBatch write = store.BeginBatch();
        foreach ((_, SeriesHandle series, _) in expired)
            write.AddStale(series);
        await write.CommitAsync(cancellationToken);
        lock (_lock)
        {
            foreach ((Node node, SeriesHandle series, long since) in expired)
            {
                if (node.Waiting.GetValueOrDefault(series) == since)
                    node.Waiting.Remove(series);
            }
        }
        metrics.SeriesEnded("collector_lost", expired.Count);
    }

    internal ulong Acknowledged(StreamSeat seat)
    {
        lock (_lock)
            return _nodes[seat.Node].Acknowledged.Find(entry => entry.CollectorId == seat.CollectorId).Sequence;
    }

    internal void Acknowledge(StreamSeat seat, ulong sequence)
    {
        lock (_lock)
        {
            List<(string CollectorId, ulong Sequence)> acknowledged = _nodes[seat.Node].Acknowledged;
            acknowledged.RemoveAll(entry => entry.CollectorId == seat.CollectorId);
            acknowledged.Add((seat.CollectorId, sequence));
            if (acknowledged.Count > MaxCollectorsPerNode)
                acknowledged.RemoveAt(0);
        }
    }

    internal void Feeds(StreamSeat seat, SeriesHandle series)
    {
        lock (_lock)
            _nodes[seat.Node].Waiting.Remove(series);
    }

    internal void Leave(StreamSeat seat, IEnumerable<SeriesHandle> series)
    {
        lock (_lock)
        {
            Node node = _nodes[seat.Node];
            long now = time.GetTimestamp();
            foreach (SeriesHandle handle in series)
                node.Waiting[handle] = now;
            if (node.Seat == seat)
                node.Seat = null;
        }
    }

    private sealed class Node
    {
        public StreamSeat? Seat { get; set; }

        /// <summary>Newest last.</summary>
        public List<(string CollectorId, ulong Sequence)> Acknowledged { get; } = [];

        /// <summary>Series that no stream feeds, since when.</summary>
        public Dictionary<SeriesHandle, long> Waiting { get; } = [];
    }
}
