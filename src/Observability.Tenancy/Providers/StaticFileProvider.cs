using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>Tenants and their namespaces from a JSON file that is read again when it changes.</summary>
public sealed class StaticFileProvider : ITenantProvider, IDisposable
{
    public StaticFileProvider(string path, TimeSpan pollInterval, TimeProvider time, ILogger<StaticFileProvider> logger) => throw new NotImplementedException();

    public string Name => throw new NotImplementedException();

    public event EventHandler? Changed { add { } remove { } }

    public TenantName? Claim(NamespaceObject value) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
