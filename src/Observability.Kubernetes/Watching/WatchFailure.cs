namespace Observability.Kubernetes.Watching;

/// <summary>Why a list or watch ended; decides whether the watch can be continued or everything is listed again.</summary>
internal enum WatchFailure
{
    /// <summary>The API server was not reached, or refused: continue where we were.</summary>
    Unavailable,

    /// <summary>Nothing was heard for too long: continue.</summary>
    Silent,

    /// <summary>The API server no longer has the version that we continue from (410): list again.</summary>
    Expired,

    /// <summary>It reported another error inside the watch, which the next one could meet again: list again.</summary>
    ServerError,

    /// <summary>What it said could not be read: events may be missing, so list again.</summary>
    Unreadable,

    /// <summary>What it said could not be taken in: list again.</summary>
    NotApplied,
}
