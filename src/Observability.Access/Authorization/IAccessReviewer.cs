namespace Observability.Access;

/// <summary>The API server's SubjectAccessReview.</summary>
public interface IAccessReviewer
{
    /// <summary>
    /// The identity is passed on whole: name, UID, groups and extra. Any exception says that there is no answer: the caller is told 503
    /// and gets nothing. An evaluation error without an allow must be such an exception.
    /// </summary>
    Task<AccessReviewResult> ReviewAsync(CallerIdentity caller, AccessAttributes attributes, CancellationToken cancellationToken);
}
