using System.Diagnostics.Metrics;
using Observability.Tenancy;

namespace Observability.Access;

/// <summary>Turns the API server's access reviews into scopes. The only maker of <see cref="Observability.Model.TenantScope"/>.</summary>
public sealed class Authorizer : IDisposable
{
    public Authorizer(Func<DirectorySnapshot> directory, IAccessReviewer reviewer, AccessOptions options, IAccessLog log, TimeProvider time, IMeterFactory meters) => throw new NotImplementedException();

    public Task<ScopeResult> ScopeAsync(CallerIdentity caller, ScopeRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<CollectResult> MayCollectAsync(CallerIdentity caller, string node, CancellationToken cancellationToken) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
