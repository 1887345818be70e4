using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Observability.Access;

namespace Observability.Kubernetes;

/// <summary>The API server's TokenReview, asked for one audience. Nothing is cached here.</summary>
public sealed class KubernetesTokenReviewer(ClusterConnection connection, TimeProvider time) : ITokenReviewer
{
    /// <exception cref="ClusterUnavailableException">No usable answer.</exception>
    public async Task<TokenReviewResult> ReviewAsync(string token, string audience, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        // Without an audience the API server would accept tokens that are meant for itself.
        ArgumentException.ThrowIfNullOrEmpty(audience);
        var review = new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token, Audiences = [audience] } };
        V1TokenReview answer = await ApiCall.RunAsync(
            "A token review", timeout => connection.Client.AuthenticationV1.CreateTokenReviewAsync(review, cancellationToken: timeout),
            connection.Options.RequestTimeout, time, cancellationToken);
        return Read(answer?.Status ?? throw new ClusterUnavailableException("A token review came back without a status."), audience);
    }

    private static TokenReviewResult Read(V1TokenReviewStatus status, string audience)
    {
        ImmutableArray<string> audiences = [.. status.Audiences ?? []];
        if (status.Authenticated != true)
            return new TokenReviewResult { Authenticated = false, Audiences = audiences, Error = status.Error };
        // An authenticator that does not know of audiences leaves them out: its token may be for anybody.
        if (!audiences.Contains(audience, StringComparer.Ordinal))
            return new TokenReviewResult { Authenticated = false, Audiences = audiences, Error = "the review does not name the audience that was asked for" };
        if (string.IsNullOrEmpty(status.User?.Username))
            return new TokenReviewResult { Authenticated = false, Audiences = audiences, Error = "the review names no user" };
        return new TokenReviewResult { Authenticated = true, Audiences = audiences, Identity = Read(status.User) };
    }

    private static CallerIdentity Read(V1UserInfo user) => new()
    {
        Username = user.Username,
        Uid = user.Uid ?? "",
        Groups = [.. user.Groups ?? []],
        Extra = (user.Extra ?? new Dictionary<string, IList<string>>())
            .ToDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray(), StringComparer.Ordinal),
    };
}
