using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Observability.Simulator.Rbac;

namespace Observability.Simulator.Api;

/// <summary>Issues service account tokens that look like the real ones, and knows them again. What was not issued here is no token.</summary>
internal sealed class TokenStore(TimeProvider time, Func<string, bool> podExists)
{
    /// <summary>What the API server and the kubelets expect, and what a token without named audiences is for.</summary>
    public const string ApiAudience = "https://kubernetes.default.svc.cluster.local";

    private readonly ConcurrentDictionary<string, IssuedToken> tokens = new(StringComparer.Ordinal);
    private readonly byte[] signingKey = RandomNumberGenerator.GetBytes(32);

    public string Issue(TokenRequest request)
    {
        DateTimeOffset issued = time.GetUtcNow();
        DateTimeOffset expires = issued + request.Lifetime;
        IReadOnlyList<string> audiences = request.Audiences.Count == 0 ? [ApiAudience] : request.Audiences;
        string credential = Guid.NewGuid().ToString();
        string text = Sign(Payload(request, audiences, issued, expires, credential));

        Dictionary<string, IReadOnlyList<string>> extra = new(StringComparer.Ordinal)
        {
            ["authentication.kubernetes.io/credential-id"] = [$"JTI={credential}"],
        };
        if (request.Bound is { } bound)
        {
            extra["authentication.kubernetes.io/node-name"] = [bound.Node];
            extra["authentication.kubernetes.io/node-uid"] = [bound.NodeUid];
            extra["authentication.kubernetes.io/pod-name"] = [bound.Pod];
            extra["authentication.kubernetes.io/pod-uid"] = [bound.PodUid];
        }

        UserInfo user = new(
            $"system:serviceaccount:{request.Namespace}:{request.ServiceAccount}",
            request.ServiceAccountUid,
            ["system:serviceaccounts", $"system:serviceaccounts:{request.Namespace}", "system:authenticated"],
            extra);
        tokens[text] = new IssuedToken(user, audiences, expires, request.Bound is { PodMustExist: true } pod ? pod.PodUid : null);
        return text;
    }

    /// <summary>A token of the group system:masters, which may do all.</summary>
    public string IssueAdministrator()
    {
        string text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        UserInfo user = new("system:admin", "", ["system:masters", "system:authenticated"], new Dictionary<string, IReadOnlyList<string>>());
        tokens[text] = new IssuedToken(user, [ApiAudience], DateTimeOffset.MaxValue, null);
        return text;
    }

    public void Revoke(string token) => tokens.TryRemove(token, out _);

    /// <returns>Null where the token is unknown, expired, or bound to a pod that is gone.</returns>
    public IssuedToken? Find(string token) =>
        tokens.TryGetValue(token, out IssuedToken? issued)
        && issued.Expires > time.GetUtcNow()
        && (issued.BoundPodUid is null || podExists(issued.BoundPodUid))
            ? issued
            : null;

    private string Sign(string payload)
    {
        string unsigned = $"{Base64Url.EncodeToString("""{"alg":"HS256","kid":"simulator"}"""u8)}.{payload}";
        return $"{unsigned}.{Base64Url.EncodeToString(HMACSHA256.HashData(signingKey, Encoding.ASCII.GetBytes(unsigned)))}";
    }

    private static string Payload(
        TokenRequest request, IReadOnlyList<string> audiences, DateTimeOffset issued, DateTimeOffset expires, string credential)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStrings("aud", audiences);
            json.WriteNumber("exp", expires.ToUnixTimeSeconds());
            json.WriteNumber("iat", issued.ToUnixTimeSeconds());
            json.WriteString("iss", ApiAudience);
            json.WriteString("jti", credential);
            json.WriteStartObject("kubernetes.io");
            json.WriteString("namespace", request.Namespace);
            if (request.Bound is { } bound)
            {
                WriteReference(json, "node", bound.Node, bound.NodeUid);
                WriteReference(json, "pod", bound.Pod, bound.PodUid);
            }

            WriteReference(json, "serviceaccount", request.ServiceAccount, request.ServiceAccountUid);
            json.WriteEndObject();
            json.WriteNumber("nbf", issued.ToUnixTimeSeconds());
            json.WriteString("sub", $"system:serviceaccount:{request.Namespace}:{request.ServiceAccount}");
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteReference(Utf8JsonWriter json, string property, string name, string uid)
    {
        json.WriteStartObject(property);
        json.WriteString("name", name);
        json.WriteString("uid", uid);
        json.WriteEndObject();
    }
}

/// <summary>For whom a token is asked, and for which audiences; none means the API server's own.</summary>
internal sealed record TokenRequest(
    string Namespace, string ServiceAccount, string ServiceAccountUid, IReadOnlyList<string> Audiences, TimeSpan Lifetime, BoundPod? Bound);

/// <summary>The pod and node a token is bound to.</summary>
internal sealed record BoundPod(string Node, string NodeUid, string Pod, string PodUid, bool PodMustExist);

/// <summary>A token as the API server remembers it.</summary>
internal sealed record IssuedToken(UserInfo User, IReadOnlyList<string> Audiences, DateTimeOffset Expires, string? BoundPodUid);
