using Observability.Model;

namespace Observability.Tenancy;

/// <summary>A tenant that has claimed a namespace at some time. The UID is its identity; the name is for display and URLs.</summary>
public sealed record Tenant(TenantUid Uid, TenantName Name);
