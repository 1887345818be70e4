namespace Observability.Simulator.Workloads;

/// <summary>A tenant: nothing but the namespaces that it brings. Leaving one out changes no byte of another's rows.</summary>
public sealed record TenantSpec(string Name, IReadOnlyList<NamespaceSpec> Namespaces);
