using Observability.Model;

namespace Observability.Tenancy;

/// <summary>One source of who owns a namespace. Called under the directory's lock: quick, no input or output.</summary>
public interface ITenantProvider
{
    /// <summary>Names the source in logs.</summary>
    string Name { get; }

    /// <summary>Raised when answers may have changed: the directory then asks again about every namespace.</summary>
    event EventHandler? Changed;

    /// <returns>The tenant that this source gives the namespace to; null where it claims none.</returns>
    TenantName? Claim(NamespaceObject value);
}
