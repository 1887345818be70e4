using Observability.Model;
using Observability.Tenancy;

namespace Observability.Aggregator.ModelApi;

/// <summary>Questions that the model asks a scope.</summary>
internal static class ScopeExtensions
{
    /// <summary>True where nodes and what belongs to no pod may be read. Narrowed to a tenant, an operator's scope holds neither.</summary>
    internal static bool SeesNodes(this TenantScope scope) => scope.IsOperator && scope.Grants.Any(grant => grant.Tenant == TenantUid.System);

    /// <summary>True where the namespace that has this name now, and is this tenant's, may be read.</summary>
    internal static bool Holds(this TenantScope scope, TenantUid tenant, string @namespace) =>
        scope.Grants.Any(grant => grant.Tenant == tenant &&
            (grant.IsWholeTenant || grant.Namespaces.Any(held => string.Equals(held.Name, @namespace, StringComparison.Ordinal))));

    internal static bool Holds(this TenantScope scope, DirectoryNamespace @namespace) => scope.Holds(@namespace.Tenant, @namespace.Name);
}
