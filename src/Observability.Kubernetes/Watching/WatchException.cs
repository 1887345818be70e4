namespace Observability.Kubernetes.Watching;

internal sealed class WatchException(WatchFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public WatchFailure Failure => failure;
}
