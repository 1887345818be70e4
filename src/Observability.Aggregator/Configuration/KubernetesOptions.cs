namespace Observability.Aggregator;

/// <summary>How to reach the API server. All empty: as a pod of the cluster does, with its service account.</summary>
public sealed class KubernetesOptions
{
    /// <summary>Kubeconfig file. Excludes <see cref="ApiServer"/>.</summary>
    public string Kubeconfig { get; set; } = "";

    /// <summary>URL of the API server, such as <c>https://10.0.0.1:6443</c>.</summary>
    public string ApiServer { get; set; } = "";

    /// <summary>File with the bearer token for <see cref="ApiServer"/>; read again when it rotates.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>PEM file with the authority that signed the API server's certificate.</summary>
    public string CaFile { get; set; } = "";
}
