using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Observability.PromQL.Evaluation;

/// <summary>Runs a loop over series on the threads that a query may have. What is computed does not depend on how many these are.</summary>
internal sealed class WorkerPool(int parallelism, CancellationToken cancellationToken)
{
    /// <summary>Series in one piece of work: enough that handing it out costs nothing, few enough that threads end together.</summary>
    public const int ChunkSize = 128;

    private readonly ConcurrentBag<Worker> _idle = [];

    /// <summary>Calls <paramref name="work"/> for each chunk of <paramref name="count"/> series, many at once.</summary>
    /// <param name="count">Series.</param>
    /// <param name="work">Takes a worker, the chunk's number, its first series and the series behind its last.</param>
    public void ForEachChunk(int count, Action<Worker, int, int, int> work)
    {
        int chunks = (count + ChunkSize - 1) / ChunkSize;
        if (chunks <= 1 || parallelism <= 1)
        {
            Worker worker = Rent();
            for (int chunk = 0; chunk < chunks; chunk++)
                Run(worker, chunk);
            _idle.Add(worker);
            return;
        }

        int next = -1;
        int failedChunk = int.MaxValue;
        ExceptionDispatchInfo? failure = null;
        var gate = new Lock();
        int threads = Math.Min(parallelism, chunks);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            Worker worker = Rent();
            while (Interlocked.Increment(ref next) is var chunk && chunk < chunks && Volatile.Read(ref failedChunk) == int.MaxValue)
            {
                try
                {
                    Run(worker, chunk);
                }
                catch (Exception exception) // goes on on the caller's thread
                {
                    lock (gate)
                    {
                        if (chunk < failedChunk)
                            (failedChunk, failure) = (chunk, ExceptionDispatchInfo.Capture(exception));
                    }
                    return;
                }
            }
            _idle.Add(worker);
        });
        failure?.Throw();

        void Run(Worker worker, int chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            work(worker, chunk, chunk * ChunkSize, Math.Min(count, (chunk + 1) * ChunkSize));
        }
    }

    /// <summary>As <see cref="ForEachChunk"/>, and then hands what each chunk gave to <paramref name="merge"/>, one at a time, in the chunks' order.</summary>
    public void ForEachChunk<T>(int count, Func<Worker, int, int, T> work, Action<T> merge) where T : class
    {
        int chunks = (count + ChunkSize - 1) / ChunkSize;
        var finished = new T?[chunks];
        int next = 0;
        var gate = new Lock();
        ForEachChunk(count, (worker, chunk, from, to) =>
        {
            T result = work(worker, from, to);
            lock (gate)
            {
                finished[chunk] = result;
                while (next < chunks && finished[next] is { } ready)
                {
                    merge(ready);
                    finished[next++] = null;
                }
            }
        });
    }

    public Worker Rent() => _idle.TryTake(out Worker? worker) ? worker : new Worker();

    public void Return(Worker worker) => _idle.Add(worker);
}
