using k8s;
using k8s.Autorest;
using k8s.Models;
using Observability.Aggregator;
using Observability.Collector.Settings;

namespace Observability.Demo;

/// <summary>
/// A real cluster, reached through a kubeconfig: one collector serves all its nodes from here. The manifests of deploy/ must be applied, since
/// tokens are asked for the service accounts in them; the kubeconfig's user needs <c>list nodes</c> and <c>create serviceaccounts/token</c>
/// besides what the aggregator needs.
/// </summary>
internal sealed class ExistingCluster : IDemoCluster
{
    private const string QueryAudience = "observability";
    private const string IngestAudience = "observability-ingest";
    private const long TokenSeconds = 24 * 60 * 60;

    private readonly PrivateFolder _files;

    private ExistingCluster(PrivateFolder files) => _files = files;

    public required string Description { get; init; }

    public required KubernetesOptions ApiServer { get; init; }

    public required IReadOnlyList<CollectorOptions> Collectors { get; init; }

    public IReadOnlyList<string> Tenants { get; private init; } = [];

    public required IReadOnlyDictionary<string, string> Tokens { get; init; }

    public bool HasExamples => false;

    /// <exception cref="DemoException">The cluster cannot be reached, or refuses what the demo needs.</exception>
    public static async Task<ExistingCluster> ConnectAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        FileInfo kubeconfig = options.Kubeconfig ?? throw new InvalidOperationException("No kubeconfig was given.");
        var files = new PrivateFolder();
        try
        {
            KubernetesClientConfiguration configuration = await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(kubeconfig);
            using var client = new k8s.Kubernetes(configuration);
            V1NodeList nodes = await client.CoreV1.ListNodeAsync(cancellationToken: cancellationToken);
            V1NamespaceList namespaces = await client.CoreV1.ListNamespaceAsync(cancellationToken: cancellationToken);
            var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (ServiceAccountRef account in options.Accounts)
                tokens[account.Label] = await TokenAsync(client, account, [QueryAudience], cancellationToken);
            var collector = new CollectorOptions
            {
                KubeletInsecureTls = options.KubeletInsecureTls,
                KubeletCaFile = options.KubeletInsecureTls || configuration.SslCaCerts is not { Count: > 0 }
                    ? null : files.Write("ca.pem", configuration.SslCaCerts.ExportCertificatePems()),
                KubeletTokenFile = files.Write("kubelet.token", await TokenAsync(client, options.CollectorAccount, [], cancellationToken)),
                IngestTokenFile = files.Write("ingest.token", await TokenAsync(client, options.CollectorAccount, [IngestAudience], cancellationToken)),
            };
            foreach (V1Node node in nodes.Items)
                collector.Nodes.Add(new NodeTarget(node.Name(), Kubelet(node)));
            return new ExistingCluster(files)
            {
                Description = $"cluster {configuration.Host}: {nodes.Items.Count} nodes",
                ApiServer = new KubernetesOptions { Kubeconfig = kubeconfig.FullName },
                Collectors = [collector],
                Tenants = [.. namespaces.Items.Select(ns => ns.GetLabel("tenant")).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Tokens = tokens,
            };
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or IOException)
        {
            files.Dispose();
            string answer = (exception as HttpOperationException)?.Response.Content ?? exception.Message;
            throw new DemoException($"The cluster of {kubeconfig.FullName} does not give what the demo needs: {answer}", exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Uri Kubelet(V1Node node)
    {
        string address = node.Status.Addresses.FirstOrDefault(candidate => candidate.Type == "InternalIP")?.Address
            ?? throw new DemoException($"The node {node.Name()} has no InternalIP.");
        return new UriBuilder(Uri.UriSchemeHttps, address, node.Status.DaemonEndpoints?.KubeletEndpoint?.Port ?? 10250).Uri;
    }

    private static async Task<string> TokenAsync(
        k8s.Kubernetes client, ServiceAccountRef account, IList<string> audiences, CancellationToken cancellationToken)
    {
        var request = new Authenticationv1TokenRequest
        {
            Spec = new V1TokenRequestSpec { Audiences = audiences, ExpirationSeconds = TokenSeconds },
        };
        Authenticationv1TokenRequest answer = await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            request, account.Name, account.Namespace, cancellationToken: cancellationToken);
        return answer.Status.Token;
    }
}
