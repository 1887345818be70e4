namespace Observability.Access;

/// <summary>
/// An answer, when it was asked for and until when it may be relied on, on <see cref="TimeProvider.GetTimestamp"/>'s scale. A null answer
/// says that there is none to be had.
/// </summary>
internal readonly record struct Decision<T>(T? Answer, long AskedAt, long ValidUntil)
    where T : class;

/// <summary>
/// Remembers answers of the API server for a short while, asks each question once at a time however many want to know, and never
/// remembers that there was no answer. Time counts from before the question went out: what was revoked before it was asked is not
/// granted, and what was revoked after is granted no longer than the lifetime.
/// </summary>
internal sealed class DecisionCache<T> : IDisposable
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CacheKey, Decision<T>> _answers = [];
    private readonly Queue<(CacheKey Key, long AskedAt)> _order = [];
    private readonly Dictionary<CacheKey, Task<Decision<T>>> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ReviewGate _gate;
    private readonly AccessOptions _options;
    private readonly AccessMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly string _kind;
    private readonly int _capacity;
    private readonly long _lifetimeTicks;

    public DecisionCache(string kind, int capacity, ReviewGate gate, AccessOptions options, AccessMetrics metrics, TimeProvider time)
    {
        _kind = kind;
        _capacity = capacity;
        _gate = gate;
        _options = options;
        _metrics = metrics;
        _time = time;
        _lifetimeTicks = Ticks(options.DecisionLifetime);
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _answers.Count;
        }
    }

    /// <param name="key">The question.</param>
    /// <param name="maxAge">An older answer is not good enough.</param>
    /// <param name="ask">Asks the API server. What it throws means that there is no answer.</param>
    /// <param name="expiry">How long the answer itself says it holds; null: as long as any.</param>
    /// <param name="cancellationToken">Ends this wait; the question goes on for whoever else waits.</param>
    public async Task<Decision<T>> GetAsync(
        CacheKey key, TimeSpan maxAge, Func<CancellationToken, Task<T>> ask, Func<T, DateTimeOffset?> expiry, CancellationToken cancellationToken)
    {
        Task<Decision<T>> answer;
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            if (_answers.TryGetValue(key, out Decision<T> known) && now < known.ValidUntil && now - known.AskedAt <= Ticks(maxAge))
            {
                _metrics.CacheHit(_kind);
                return known;
            }

            if (!_running.TryGetValue(key, out answer!))
            {
                var source = new TaskCompletionSource<Decision<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
                answer = source.Task;
                _running.Add(key, answer);
                _ = RunAsync(key, ask, expiry, source);
            }
        }

        return await answer.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(
        CacheKey key, Func<CancellationToken, Task<T>> ask, Func<T, DateTimeOffset?> expiry, TaskCompletionSource<Decision<T>> source)
    {
        // Off the caller's lock and thread: a reviewer may do work before its first wait.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Decision<T> decision = default;
        try
        {
            decision = await AskAsync(ask, expiry);
        }
        catch (Exception)
        {
            // Counted where it is asked. Whatever went wrong, it is no answer, and those who wait must hear so.
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(key);
                if (decision.Answer is not null && decision.ValidUntil > _time.GetTimestamp())
                    Remember(key, decision);
            }

            source.SetResult(decision);
        }
    }

    private async Task<Decision<T>> AskAsync(Func<CancellationToken, Task<T>> ask, Func<T, DateTimeOffset?> expiry)
    {
        using var timeout = new CancellationTokenSource(_options.ReviewTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, timeout.Token);
        if (!await _gate.TryEnterAsync(either.Token))
        {
            _metrics.Reviewed(_kind, "turned_away");
            return default;
        }

        try
        {
            long askedAt = _time.GetTimestamp();
            // A reviewer that does not heed its token must not hold those who wait.
            T answer = await ask(either.Token).WaitAsync(either.Token);
            _metrics.Reviewed(_kind, "answered");
            long validUntil = askedAt + _lifetimeTicks;
            if (expiry(answer) is { } end)
                validUntil = Math.Min(validUntil, _time.GetTimestamp() + Math.Min(_lifetimeTicks, Ticks(end - _time.GetUtcNow()))); // an end in year 9999 overflows
            return new(answer, askedAt, validUntil);
        }
        catch
        {
            _metrics.Reviewed(_kind, "failed");
            throw;
        }
        finally
        {
            _gate.Leave();
        }
    }

    private void Remember(CacheKey key, Decision<T> decision)
    {
        _answers[key] = decision;
        _order.Enqueue((key, decision.AskedAt));
        long now = _time.GetTimestamp();
        while (_order.TryPeek(out (CacheKey Key, long AskedAt) oldest))
        {
            bool isCurrent = _answers.TryGetValue(oldest.Key, out Decision<T> held) && held.AskedAt == oldest.AskedAt;
            if (isCurrent && held.ValidUntil > now && _answers.Count <= _capacity)
                break;
            _order.Dequeue();
            if (isCurrent)
                _answers.Remove(oldest.Key);
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
