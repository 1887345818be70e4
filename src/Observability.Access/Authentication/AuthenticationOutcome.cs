namespace Observability.Access;

public enum AuthenticationOutcome
{
    /// <summary>No caller: 401.</summary>
    Rejected,

    /// <summary>No answer to be had: 503.</summary>
    Unavailable,

    Authenticated,
}
