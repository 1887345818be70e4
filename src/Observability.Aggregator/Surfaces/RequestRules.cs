using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Observability.Aggregator.Surfaces;

/// <summary>
/// The first middleware, before routing: what no request may have, whatever it is for. Nobody in front of the aggregator is trusted to
/// name a caller, so identity headers are dropped before anything can read them; impersonation is refused, because a caller who asks for
/// it would otherwise be answered as somebody else than it believes.
/// </summary>
internal sealed class RequestRules(RequestDelegate next)
{
    private static readonly string[] IdentityPrefixes =
        ["X-Remote-", "X-Forwarded-", "X-Grafana-", "X-Webauth-", "X-Auth-", "X-Scope-OrgID", "X-Original-", "X-Rewrite-", "THANOS-TENANT", "Forwarded", "AccountID", "ProjectID"];

    /// <summary>Answers are one caller's own: no cache keeps them, and no browser takes them for a page.</summary>
    public static void SetResponseHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "private, no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }

    public Task InvokeAsync(HttpContext context)
    {
        SetResponseHeaders(context.Response.Headers);
        IHeaderDictionary headers = context.Request.Headers;
        List<string>? dropped = null;
        foreach (string name in headers.Keys)
        {
            // X_Remote_User is the same header to some gateways, so it is to us.
            string dashed = name.Replace('_', '-');
            if (dashed.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase))
                return ErrorBody.Forbidden(context, "impersonation is not supported");
            if (IdentityPrefixes.Any(prefix => dashed.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                (dropped ??= []).Add(name);
        }
        foreach (string name in dropped ?? [])
            headers.Remove(name);

        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return CanonicalPath.Is(target) ? next(context) : ErrorBody.NotFound(context);
    }
}
