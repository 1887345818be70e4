using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Observability.Simulator.Api;
using Observability.Simulator.Cluster;
using Observability.Simulator.Kubelets;

namespace Observability.Simulator;

/// <summary>
/// A small Kubernetes cluster in one process: an API server and a kubelet per node, over HTTPS on 127.0.0.1.
/// What runs in it and what it uses is a pure function of the seed and of time; only tokens and keys are random.
/// </summary>
public sealed class ClusterSimulator : IAsyncDisposable
{
    /// <summary>The audience that the API server and the kubelets ask of a token; a token without named audiences has it.</summary>
    public const string ApiAudience = TokenStore.ApiAudience;

    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    private readonly ClusterState state;
    private readonly WebApplication application;
    private readonly ServingCertificates certificates;
    private readonly TokenStore tokens;
    private readonly ApiServer api;

    private ClusterSimulator(
        ClusterState state, WebApplication application, ServingCertificates certificates, TokenStore tokens, ApiServer api, IReadOnlyList<Uri> addresses,
        IReadOnlyList<KubeletEndpoint> kubelets)
    {
        this.state = state;
        this.application = application;
        this.certificates = certificates;
        this.tokens = tokens;
        this.api = api;
        ApiServer = addresses[0];
        Nodes = [.. kubelets.Select((kubelet, index) => new SimulatedNode(kubelet, addresses[index + 1]))];
        World = new World(state);
        Truth = new Truth(state);
        AdministratorToken = tokens.IssueAdministrator();
    }

    /// <summary>Such as <c>https://127.0.0.1:40123/</c>.</summary>
    public Uri ApiServer { get; }

    /// <summary>The CA that signed the API server's and the kubelets' certificates.</summary>
    public string CaCertificatePem => certificates.AuthorityPem;

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public World World { get; }

    public Truth Truth { get; }

    /// <summary>A token of system:masters.</summary>
    public string AdministratorToken { get; }

    public EndpointFaults ApiFaults => api.Faults;

    public ApiRequestCounts ApiRequests => api.Requests;

    /// <summary>Whether a watch from a compacted version is refused with HTTP 410; otherwise its stream brings an ERROR event.</summary>
    public bool ExpiredWatchesAsStatus
    {
        get => api.Watches.ExpiredAsStatus;
        set => api.Watches.ExpiredAsStatus = value;
    }

    /// <summary>Starts all listeners; when it returns, they answer.</summary>
    public static async Task<ClusterSimulator> StartAsync(SimulatorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ClusterState state = new(options, time);
        state.Populate(options);
        TokenStore tokens = new(time, uid => state.Enter(cluster => cluster.FindPod(uid) is { Gone: false }));
        Authenticator authenticator = new(state, tokens);
        ApiServer api = new(state, authenticator, tokens, time);
        ServingCertificates certificates = new(options.ClusterName);
        KubeletEndpoint[] kubelets = [.. state.Nodes.Select(node => new KubeletEndpoint(state, node, authenticator, time))];

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        List<ListenOptions> listening = [];
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Listen(kestrel, options.ApiPort, certificates.Issue("kube-apiserver", "kubernetes.default.svc"), new Listener(api.Faults, api.HandleAsync));
            foreach (KubeletEndpoint kubelet in kubelets)
                Listen(kestrel, 0, certificates.Issue($"system:node:{kubelet.Node.Name}", kubelet.Node.Name), new Listener(kubelet.Faults, kubelet.HandleAsync));
        });

        WebApplication application = builder.Build();
        application.Run(context => Listener.Of(context).Handle(context));
        await application.StartAsync(cancellationToken);
        Uri[] addresses = [.. listening.Select(listen =>
            new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{listen.IPEndPoint!.Port}/")))];
        state.Enter(cluster =>
        {
            for (int i = 0; i < kubelets.Length; i++)
            {
                kubelets[i].Node.KubeletPort = addresses[i + 1].Port;
                cluster.PutNode(kubelets[i].Node);
            }
        });
        return new ClusterSimulator(state, application, certificates, tokens, api, addresses, kubelets);

        void Listen(KestrelServerOptions kestrel, int port, X509Certificate2 certificate, Listener listener) =>
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Use(next => connection => listener.AcceptAsync(connection, next));
                listen.UseHttps(certificate);
                listening.Add(listen);
            });
    }

    /// <summary>
    /// A token of a service account, which is made if it is not there. With a node it is bound, as a token inside a pod is: to a pod of that
    /// account on that node, or to one that exists in its claims alone where the account has none there.
    /// </summary>
    /// <param name="serviceAccountNamespace">The account's namespace.</param>
    /// <param name="serviceAccount">The account.</param>
    /// <param name="audiences">Empty: the API server's own. A collector that also calls kubelets needs <see cref="ApiAudience"/> among them.</param>
    /// <param name="node">The node to be bound to.</param>
    /// <param name="lifetime">One hour if not given.</param>
    public string IssueToken(
        string serviceAccountNamespace, string serviceAccount, string[] audiences, string? node = null, TimeSpan? lifetime = null) =>
        state.Enter(cluster => tokens.Issue(new TokenRequest(
            serviceAccountNamespace,
            serviceAccount,
            cluster.CreateServiceAccount(serviceAccountNamespace, serviceAccount),
            audiences,
            lifetime ?? OneHour,
            node is null ? null : cluster.PodToBind(serviceAccountNamespace, serviceAccount, node))));

    /// <summary>Writes a new token to a file as the kubelet does, by rename, and revokes the one that stood there.</summary>
    /// <returns>The new token.</returns>
    public async Task<string> RotateTokenAsync(
        string file, string serviceAccountNamespace, string serviceAccount, string[] audiences, string? node, CancellationToken cancellationToken)
    {
        string? old = File.Exists(file) ? (await File.ReadAllTextAsync(file, cancellationToken)).Trim() : null;
        string token = IssueToken(serviceAccountNamespace, serviceAccount, audiences, node);
        await File.WriteAllTextAsync(file + ".new", token, cancellationToken);
        File.Move(file + ".new", file, overwrite: true);
        if (old is not null)
            tokens.Revoke(old);
        return token;
    }

    public void RevokeToken(string token) => tokens.Revoke(token);

    /// <summary>
    /// Forgets all changes so far: a watch or a continued list from before answers 410, and open watches end with an ERROR event
    /// that says 410, as they do when the API server's watch cache starts anew.
    /// </summary>
    public void CompactWatchHistory() => state.Objects.Compact();

    /// <summary>Cuts the connections of all open watches.</summary>
    public void DropWatches() => api.Watches.DropAll();

    /// <summary>Sends a bookmark on each watch that allows them; otherwise they come once a minute.</summary>
    public void SendBookmarks() => api.Watches.SendBookmarks();

    /// <summary>Writes a kubeconfig with the API server's address, the CA and the token.</summary>
    /// <returns>The path.</returns>
    public string WriteKubeconfig(string path, string token)
    {
        string authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(CaCertificatePem));
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: simulated
              cluster:
                server: {ApiServer.ToString().TrimEnd('/')}
                certificate-authority-data: {authority}
            contexts:
            - name: simulated
              context:
                cluster: simulated
                user: simulated
            current-context: simulated
            users:
            - name: simulated
              user:
                token: {token}

            """);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        api.Watches.DropAll();
        using (CancellationTokenSource immediately = new(TimeSpan.Zero))
            await application.StopAsync(immediately.Token);
        await application.DisposeAsync();
        state.Dispose();
        certificates.Dispose();
    }
}
