namespace Observability.Access;

/// <summary>What only operators may do to the store. Each is a right of its own: whoever reads every tenant may change none.</summary>
public enum OperatorAction
{
    /// <summary><c>create snapshots.observability.io</c></summary>
    CreateSnapshot,

    /// <summary><c>delete tenants/data.observability.io</c>, with the tenant as resource name.</summary>
    DeleteTenantData,
}
