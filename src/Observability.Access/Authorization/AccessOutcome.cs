namespace Observability.Access;

public enum AccessOutcome
{
    /// <summary>Not allowed, or nothing there: the two look alike.</summary>
    Denied,

    /// <summary>No answer to be had: 503.</summary>
    Unavailable,

    Granted,
}
