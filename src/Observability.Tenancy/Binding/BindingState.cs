namespace Observability.Tenancy;

/// <summary>Why a pod is or is not bound to a namespace.</summary>
internal enum BindingState
{
    Bound,

    /// <summary>The view of namespaces has not come to where the pod was seen, or knows none of the name.</summary>
    NamespacesBehind,

    /// <summary>The view of pods has not come to where the namespace was first seen.</summary>
    PodsBehind,

    /// <summary>The pod is older than every namespace of its name that is known.</summary>
    NoNamespace,
}
