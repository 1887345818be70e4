using System.Threading.RateLimiting;
using Observability.Model;

namespace Observability.Aggregator.Access;

/// <summary>
/// How many questions of one tenant are answered at once: a tenant that asks more waits behind its own questions, then is told to come back,
/// and no other tenant notices. Counted by tenant, not by caller, since a tenant can make callers at will; operators share one count, as do
/// callers with rights in several tenants that of the first.
/// </summary>
internal sealed class QueryShares : IDisposable
{
    /// <summary>Answered at once, for each tenant.</summary>
    public const int AtOnce = 4;

    /// <summary>Waiting behind those, for each tenant.</summary>
    public const int Waiting = 32;

    private readonly PartitionedRateLimiter<TenantScope> _limiter = PartitionedRateLimiter.Create<TenantScope, TenantUid>(scope =>
        RateLimitPartition.GetConcurrencyLimiter(
            scope.IsOperator || scope.IsEmpty ? TenantUid.System : scope.Grants[0].Tenant,
            _ => new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    /// <summary>Waits for the tenant's turn. The lease is to be disposed behind the answer; where it is not acquired there is none to give.</summary>
    public ValueTask<RateLimitLease> TakeAsync(TenantScope scope, CancellationToken cancellationToken) => _limiter.AcquireAsync(scope, 1, cancellationToken);

    public void Dispose() => _limiter.Dispose();
}
