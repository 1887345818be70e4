namespace Observability.Collector.Kubelet;

/// <summary>Why an endpoint could not be read.</summary>
public enum ScrapeFault
{
    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>The certificate is not of the CA, or not of this address.</summary>
    BadCertificate,

    /// <summary>No whole answer in time.</summary>
    Timeout,

    /// <summary>401, also with the token read again.</summary>
    Unauthorized,

    /// <summary>403: the token lacks a right.</summary>
    Forbidden,

    /// <summary>Another status; redirects are not followed.</summary>
    BadStatus,

    /// <summary>The answer broke off, or is no page.</summary>
    BadContent,

    /// <summary>More bytes or rows than a page may have.</summary>
    TooLarge,

    /// <summary>The kubelet says that it could not read its own numbers.</summary>
    ScrapeError,
}

/// <summary>One endpoint of one node could not be read. Nothing of the page is used.</summary>
public sealed class ScrapeException : Exception
{
    public ScrapeException()
    {
    }

    public ScrapeException(string message)
        : base(message)
    {
    }

    public ScrapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ScrapeException(ScrapeFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    public ScrapeFault Fault { get; } = ScrapeFault.BadContent;
}
