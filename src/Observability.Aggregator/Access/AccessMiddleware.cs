using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Observability.Access;
using Observability.Aggregator.Surfaces;
using Observability.Model;

namespace Observability.Aggregator.Access;

/// <summary>
/// Authenticates, checks the parameters, authorises: in this order, for HTTP and gRPC alike, for every endpoint but the open ones. What
/// a caller learns from a refusal is the same whether the tenant does not exist, is not its own, or is spelt wrong.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, Authenticator authenticator, Authorizer authorizer, AggregatorOptions options)
{
    private const int MaxNamespaceLength = 63;

    public async Task InvokeAsync(HttpContext context)
    {
        Endpoint endpoint = context.GetEndpoint()!; // the gate lets only declared endpoints through
        var surface = endpoint.Metadata.GetRequiredMetadata<Surface>();
        if (surface.Right == SurfaceRight.Open)
        {
            if (await TakeParametersAsync(context, endpoint))
                await next(context);
            return;
        }

        string audience = surface.Right == SurfaceRight.Collector ? options.Access.IngestAudience : options.Access.QueryAudience;
        if (!BearerToken.TryRead(context.Request.Headers.Authorization, out string? token))
        {
            await Refusal.Unauthenticated(context);
            return;
        }
        AuthenticationResult authentication = await authenticator.AuthenticateAsync(token, audience, context.RequestAborted);
        if (!authentication.IsAuthenticated)
        {
            await (authentication.Outcome == AuthenticationOutcome.Unavailable ? Refusal.Unavailable(context) : Refusal.Unauthenticated(context));
            return;
        }
        var caller = new Caller(authentication, authentication.Identity, token, audience);
        context.Features.Set(caller);

        if (surface.Right is SurfaceRight.Metrics or SurfaceRight.LiveMetrics)
        {
            if (!await TakeParametersAsync(context, endpoint))
                return;
            ScopeResult result = await ScopeAsync(context, caller.Identity, surface.Right == SurfaceRight.LiveMetrics);
            if (!result.IsGranted || result.Scope.IsEmpty)
            {
                await (result.Outcome == AccessOutcome.Unavailable ? Refusal.Unavailable(context) : Refusal.NotFound(context));
                return;
            }
            context.Features.Set(result.Scope);
        }
        else if (surface.Action is { } action)
        {
            if (!await TakeParametersAsync(context, endpoint))
                return;
            AccessOutcome outcome = await MayOperateAsync(context, caller.Identity, action);
            if (outcome != AccessOutcome.Granted)
            {
                await (outcome == AccessOutcome.Unavailable ? Refusal.Unavailable(context) : Refusal.NotFound(context));
                return;
            }
        }
        await next(context);
    }

    /// <summary>Puts the parameters on the request, or answers what is wrong with them.</summary>
    private static async Task<bool> TakeParametersAsync(HttpContext context, Endpoint endpoint)
    {
        (RequestParameters parameters, string? fault) =
            await RequestParameters.ReadAsync(context, endpoint.Metadata.GetMetadata<Parameters>() ?? Parameters.None);
        if (fault is not null)
        {
            await ErrorBody.BadRequest(context, fault);
            return false;
        }
        context.Features.Set(parameters);
        return true;
    }

    private async Task<AccessOutcome> MayOperateAsync(HttpContext context, CallerIdentity caller, OperatorAction action)
    {
        TenantName? tenant = null;
        if (context.GetRouteValue(ScopedEndpoints.TenantValue) is string text)
        {
            if (!TenantName.TryParse(text, out TenantName parsed))
                return AccessOutcome.Denied;
            tenant = parsed;
        }
        return await authorizer.MayOperateAsync(caller, action, tenant, context.RequestAborted);
    }

    private async Task<ScopeResult> ScopeAsync(HttpContext context, CallerIdentity caller, bool live)
    {
        TenantName? tenant = null;
        if (context.GetRouteValue(ScopedEndpoints.TenantValue) is string tenantText)
        {
            if (!TenantName.TryParse(tenantText, out TenantName parsed))
                return ScopeResult.Denied;
            tenant = parsed;
        }
        // No namespace has such a name, and no review shall carry one that long.
        string? @namespace = context.GetRouteValue(ScopedEndpoints.NamespaceValue) as string;
        if (@namespace is { Length: 0 or > MaxNamespaceLength })
            return ScopeResult.Denied;
        var request = new ScopeRequest { Tenant = tenant, Namespace = @namespace, Right = Rights.Metrics, LiveMetrics = live };
        return await authorizer.ScopeAsync(caller, request, context.RequestAborted);
    }
}
