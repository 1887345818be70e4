using Observability.Model;

namespace Observability.Access;

/// <summary>What a request wants to read.</summary>
public sealed record ScopeRequest
{
    /// <summary>The tenant in the request's path; null: all that the caller may see.</summary>
    public TenantName? Tenant { get; init; }

    /// <summary>The namespace in the request's path; null: all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Exactly one right.</summary>
    public Rights Right { get; init; } = Rights.Metrics;

    /// <summary>True for live views, where <c>get pods.metrics.k8s.io</c> in a namespace is right enough for that namespace.</summary>
    public bool LiveMetrics { get; init; }
}
