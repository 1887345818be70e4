using System.Security.Cryptography.X509Certificates;
using k8s;
using Observability.Kubernetes.Connection;

namespace Observability.Kubernetes;

/// <summary>
/// The connection to one cluster's API server: address, trusted authorities and our own credentials, which are followed when they rotate.
/// No redirect is followed, since it would carry the token elsewhere. Safe for concurrent use.
/// </summary>
public sealed class ClusterConnection : IDisposable
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
    private readonly k8s.Kubernetes _client;

    private ClusterConnection(k8s.Kubernetes client, ClusterOptions options)
    {
        _client = client;
        Options = options;
    }

    /// <summary>The API server's URL.</summary>
    public Uri Server => _client.BaseUri;

    internal IKubernetes Client => _client;

    internal ClusterOptions Options { get; }

    /// <summary>Reads the files that the options name; nothing is asked of the API server yet.</summary>
    /// <exception cref="k8s.Exceptions.KubeConfigException">The kubeconfig cannot be used, or no service account is here.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ClusterConnection Open(ClusterOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        KubernetesClientConfiguration configuration =
            options.Kubeconfig is { } kubeconfig ? FromKubeconfig(kubeconfig, options.Context)
            : options.Server is { } server ? FromFiles(server, options.CaFile, options.TokenFile, time)
            : InCluster(time);
        X509Certificate2Collection? authorities = configuration.SkipTlsVerify ? null : configuration.SslCaCerts;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            // Chain and name are both checked by the runtime, against the cluster's authorities alone. The client's own callback looks at
            // the chain and lets a wrong name pass with it, and the same authority often signs every kubelet.
            if (authorities is { Count: > 0 })
                handler.SslOptions.CertificateChainPolicy = TrustOnly(authorities);
            handler.AllowAutoRedirect = false;
            // A dead connection under a watch is found in 45 s, as client-go finds it.
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
            handler.ConnectTimeout = TimeSpan.FromSeconds(10);
            // Watches share one HTTP/2 connection; reviews must not queue behind them.
            handler.EnableMultipleHttp2Connections = true;
        };
        return new ClusterConnection(new k8s.Kubernetes(configuration), options);
    }

    /// <summary>GET of a path such as <c>api/v1/pods?limit=500</c>; returns when the head of the answer is there, whatever its status.</summary>
    internal async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_client.BaseUri, path)) { Version = System.Net.HttpVersion.Version20 };
        request.Headers.Accept.ParseAdd("application/json");
        if (_client.Credentials is { } credentials)
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        return await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private static X509ChainPolicy TrustOnly(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static KubernetesClientConfiguration FromKubeconfig(string path, string? context) =>
        KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(path), context);

    private static KubernetesClientConfiguration FromFiles(Uri server, string? caFile, string? tokenFile, TimeProvider time)
    {
        var configuration = new KubernetesClientConfiguration { Host = server.AbsoluteUri };
        if (caFile is not null)
        {
            configuration.SslCaCerts = [];
            configuration.SslCaCerts.ImportFromPemFile(caFile);
        }
        if (tokenFile is not null)
            configuration.TokenProvider = new TokenFile(tokenFile, time);
        return configuration;
    }

    private static KubernetesClientConfiguration InCluster(TimeProvider time)
    {
        KubernetesClientConfiguration configuration = KubernetesClientConfiguration.InClusterConfig();
        configuration.TokenProvider = new TokenFile(Path.Combine(ServiceAccount, "token"), time);
        return configuration;
    }
}
