namespace Observability.Access;

/// <summary>The API server's TokenReview.</summary>
public interface ITokenReviewer
{
    /// <summary>
    /// Any exception says that there is no answer: the caller is told 503 and gets nothing. The token is never logged and never kept; the audience is the only one to ask for.
    /// </summary>
    Task<TokenReviewResult> ReviewAsync(string token, string audience, CancellationToken cancellationToken);
}
