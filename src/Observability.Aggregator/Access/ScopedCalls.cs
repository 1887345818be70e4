using System.Threading.RateLimiting;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Observability.Access;
using Observability.Aggregator.Surfaces;
using Observability.Model;

namespace Observability.Aggregator.Access;

/// <summary>
/// The way to data for gRPC handlers, whose messages name the tenant. The middleware has authenticated the caller; the handler asks here
/// for the scope, and everything that is no scope is an <see cref="RpcException"/> which says no more than HTTP would.
/// </summary>
internal static class ScopedCalls
{
    public const string NotFoundText = "not found";
    public const string UnavailableText = "access cannot be checked now";

    /// <summary>What an object that does not exist is answered with: the same as one that may not be seen.</summary>
    public static RpcException NotFound() => new(new Status(StatusCode.NotFound, NotFoundText));

    /// <summary>A scope that is not empty, for a call that ends soon.</summary>
    /// <param name="tenant">As the message has it; empty: all that the caller may see.</param>
    /// <param name="namespace">As the message has it; empty: all.</param>
    /// <param name="live">True: in a namespace, <c>get pods.metrics.k8s.io</c> is right enough: what the head holds is the live view.</param>
    public static async Task<TenantScope> ScopeAsync(this ServerCallContext call, string tenant, string @namespace, bool live) =>
        (await GrantAsync(call, Request(tenant, @namespace, live))).Scope;

    /// <summary>The tenant's turn to be answered, as over HTTP; to be disposed behind the answer.</summary>
    public static async Task<IDisposable> ShareAsync(this ServerCallContext call, TenantScope scope)
    {
        RateLimitLease share = await call.GetHttpContext().RequestServices.GetRequiredService<QueryShares>().TakeAsync(scope, call.CancellationToken);
        if (share.IsAcquired)
            return share;
        share.Dispose();
        throw new RpcException(new Status(StatusCode.ResourceExhausted, ErrorBody.TooManyText));
    }

    /// <summary>A scope for a stream: it follows changes of the caller's rights, and says when they are gone.</summary>
    /// <inheritdoc cref="ScopeAsync"/>
    public static async Task<ScopeLease> LeaseAsync(this ServerCallContext call, string tenant, string @namespace, bool live)
    {
        ScopeRequest request = Request(tenant, @namespace, live);
        ScopeResult granted = await GrantAsync(call, request);
        IServiceProvider services = call.GetHttpContext().RequestServices;
        Caller caller = Caller.Of(call.GetHttpContext());
        return ScopeLease.Start(services.GetRequiredService<Authenticator>(), services.GetRequiredService<Authorizer>(), caller.Token,
            caller.Audience, request, caller.Authentication, granted, services.GetRequiredService<TimeProvider>());
    }

    private static ScopeRequest Request(string tenant, string @namespace, bool live)
    {
        TenantName? name = null;
        if (tenant.Length > 0)
            name = TenantName.TryParse(tenant, out TenantName parsed) ? parsed : throw NotFound();
        if (@namespace.Length > 63)
            throw NotFound();
        return new ScopeRequest { Tenant = name, Namespace = @namespace.Length == 0 ? null : @namespace, Right = Rights.Metrics, LiveMetrics = live };
    }

    private static async Task<ScopeResult> GrantAsync(ServerCallContext call, ScopeRequest request)
    {
        var http = call.GetHttpContext();
        var authorizer = http.RequestServices.GetRequiredService<Authorizer>();
        ScopeResult result = await authorizer.ScopeAsync(Caller.Of(http).Identity, request, call.CancellationToken);
        if (result.Outcome == AccessOutcome.Unavailable)
            throw new RpcException(new Status(StatusCode.Unavailable, UnavailableText));
        return result.IsGranted && !result.Scope.IsEmpty ? result : throw NotFound();
    }
}
