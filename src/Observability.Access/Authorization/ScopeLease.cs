using Observability.Model;

namespace Observability.Access;

/// <summary>A scope for a stream that lives on: renewed before it runs out, ended within 10 s of a revocation.</summary>
public sealed class ScopeLease : IAsyncDisposable
{
    public static ScopeLease Start(Authenticator authenticator, Authorizer authorizer, string token, string audience, ScopeRequest request, ScopeResult granted, TimeProvider time) => throw new NotImplementedException();

    /// <summary>What may be read now; can shrink and grow. Take it anew for every read.</summary>
    public TenantScope Scope => throw new NotImplementedException();

    /// <summary>Cancelled when the scope is gone.</summary>
    public CancellationToken Revoked => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
