using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Observability.Tenancy;

/// <summary>
/// Changes of one node's pods for one reader. Changes that wait are merged; when more pods wait than the bound allows, they are let go and
/// the reader is given all of the node's pods instead. So a slow reader costs bounded memory and never misses a state.
/// </summary>
public sealed class DirectorySubscription : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<DirectorySnapshot> _current;
    private readonly Action<DirectorySubscription> _ended;
    private readonly int _capacity;
    private readonly Dictionary<string, DirectoryPod?> _pending = new(StringComparer.Ordinal);
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;
    private long _fullVersion;
    private bool _full = true;

    internal DirectorySubscription(string node, int capacity, Func<DirectorySnapshot> current, Action<DirectorySubscription> ended)
    {
        Node = node;
        _capacity = capacity;
        _current = current;
        _ended = ended;
        _signal.SetResult();
    }

    public string Node { get; }

    /// <summary>Waits for the next change. The first is the full state. One reader at a time.</summary>
    public async ValueTask<NodeChange> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task signalled;
            lock (_lock)
            {
                if (_full)
                {
                    _full = false;
                    DirectorySnapshot snapshot = _current();
                    _version = _fullVersion = snapshot.Version;
                    return new NodeChange(snapshot.Version, true, [.. snapshot.PodsOn(Node)], []);
                }

                if (_pending.Count > 0)
                {
                    var change = new NodeChange(
                        _version,
                        false,
                        [.. _pending.Values.OfType<DirectoryPod>().OrderBy(pod => pod.Uid, StringComparer.Ordinal)],
                        [.. _pending.Where(pair => pair.Value is null).Select(pair => pair.Key).Order(StringComparer.Ordinal)]);
                    _pending.Clear();
                    return change;
                }

                if (_signal.Task.IsCompleted)
                    _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                signalled = _signal.Task;
            }

            await signalled.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Every change until the token is cancelled, which ends it with <see cref="OperationCanceledException"/>.</summary>
    public async IAsyncEnumerable<NodeChange> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
            yield return await NextAsync(cancellationToken);
    }

    public void Dispose() => _ended(this);

    /// <param name="uid">The pod.</param>
    /// <param name="pod">As it is now; null when it is no longer resolvable.</param>
    /// <param name="version">The version of the snapshot that has the change; already published.</param>
    internal void Offer(string uid, DirectoryPod? pod, long version)
    {
        lock (_lock)
        {
            // Already in the full state that the reader took between the publication and this call.
            if (version <= _fullVersion)
                return;
            _version = Math.Max(_version, version);
            if (!_full)
            {
                _pending[uid] = pod;
                if (_pending.Count > _capacity)
                {
                    _pending.Clear();
                    _full = true;
                }
            }

            _signal.TrySetResult();
        }
    }
}
