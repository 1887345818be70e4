namespace Observability.Access;

/// <summary>The status of a SubjectAccessReview.</summary>
/// <param name="Allowed"><c>status.allowed</c> and not <c>status.denied</c>.</param>
/// <param name="Reason">Names the binding and role that allowed it. For the access log, never for a caller.</param>
public sealed record AccessReviewResult(bool Allowed, string Reason);
