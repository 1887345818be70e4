using Observability.Simulator.Cluster;
using Observability.Simulator.Rbac;

namespace Observability.Simulator.Api;

/// <summary>Who calls, by bearer token, and what they may do, by RBAC: the same for the API server and the kubelets.</summary>
internal sealed class Authenticator(ClusterState state, TokenStore tokens)
{
    private const string Scheme = "Bearer ";

    /// <returns>Null without a token that the API server's own audience accepts.</returns>
    public UserInfo? Authenticate(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;

        IssuedToken? token = tokens.Find(header[Scheme.Length..].Trim());
        return token is not null && token.Audiences.Contains(TokenStore.ApiAudience) ? token.User : null;
    }

    /// <returns>The reason, or null where it is not allowed.</returns>
    public string? Authorize(string user, IReadOnlyList<string> groups, AccessRequest request)
    {
        if (groups.Contains("system:masters"))
            return "";
        return state.Enter(cluster => cluster.Policy.Allows(user, groups, request));
    }

    public bool IsAllowed(UserInfo user, AccessRequest request) => Authorize(user.Name, user.Groups, request) is not null;
}
