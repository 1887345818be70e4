using System.Diagnostics.Metrics;

namespace Observability.Access;

/// <summary>Finds out who a token's holder is, by the API server's review.</summary>
public sealed class Authenticator : IDisposable
{
    public Authenticator(ITokenReviewer reviewer, AccessOptions options, IAccessLog log, TimeProvider time, IMeterFactory meters) => throw new NotImplementedException();

    public Task<AuthenticationResult> AuthenticateAsync(string token, string audience, CancellationToken cancellationToken) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
