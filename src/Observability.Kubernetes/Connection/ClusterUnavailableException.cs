using System.Net;

namespace Observability.Kubernetes;

/// <summary>
/// The API server gave no usable answer: not reached, too slow, refused us, or said something that is not an answer. It never carries the
/// request, which may hold a caller's token.
/// </summary>
public sealed class ClusterUnavailableException : Exception
{
    public ClusterUnavailableException(string message, HttpStatusCode? status = null, Exception? innerException = null)
        : base(message, innerException) => Status = status;

    /// <summary>What the API server answered; null where it did not.</summary>
    public HttpStatusCode? Status { get; }
}
