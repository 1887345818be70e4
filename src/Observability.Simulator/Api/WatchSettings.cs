namespace Observability.Simulator.Api;

/// <summary>How watches behave, and the signal that ends them all.</summary>
internal sealed class WatchSettings
{
    private TaskCompletionSource dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource bookmark = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a watch from a compacted version is refused with HTTP 410, instead of an ERROR event in a stream of status 200.</summary>
    public bool ExpiredAsStatus { get; set; }

    public Task Dropped => Volatile.Read(ref dropped).Task;

    public Task BookmarkAsked => Volatile.Read(ref bookmark).Task;

    public void DropAll() =>
        Interlocked.Exchange(ref dropped, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public void SendBookmarks() =>
        Interlocked.Exchange(ref bookmark, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
