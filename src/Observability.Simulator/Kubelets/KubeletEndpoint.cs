using System.Globalization;
using System.IO.Compression;
using Observability.Simulator.Api;
using Observability.Simulator.Cluster;
using Observability.Simulator.Rbac;

namespace Observability.Simulator.Kubelets;

/// <summary>One kubelet's HTTPS endpoints: rights first, then the page.</summary>
internal sealed class KubeletEndpoint(ClusterState state, Node node, Authenticator authenticator, TimeProvider time)
{
    private const string MetricsContentType = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private long cadvisorScrapes;
    private int firstScrapePending;
    private ITimer? restartTimer;

    public Node Node { get; } = node;

    public EndpointFaults Faults { get; } = new();

    public long CadvisorScrapes => Interlocked.Read(ref cadvisorScrapes);

    public DateTimeOffset ProcessStarted { get; private set; } = state.Booted;

    public void Restart(TimeSpan outage)
    {
        Faults.RefuseConnections = true;
        restartTimer = time.CreateTimer(_ => ComeBack(), null, outage, Timeout.InfiniteTimeSpan);
    }

    public async Task HandleAsync(HttpContext context)
    {
        if (Faults.Delay > TimeSpan.Zero)
            await Task.Delay(Faults.Delay, time, context.RequestAborted);
        if (Faults.FailWithStatus != 0)
        {
            context.Response.StatusCode = Faults.FailWithStatus;
            return;
        }

        string path = context.Request.Path.Value!;
        if (authenticator.Authenticate(context.Request) is not { } user)
        {
            await WriteTextAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized");
            return;
        }

        IReadOnlyList<string> subresources = Subresources(path);
        string verb = context.Request.Method switch { "GET" => "get", "POST" => "create", "HEAD" => "", _ => "update" };
        if (!subresources.Any(subresource => authenticator.IsAllowed(user, Asked(verb, subresource))))
        {
            string names = string.Join(' ', subresources);
            await WriteTextAsync(
                context,
                StatusCodes.Status403Forbidden,
                $"Forbidden (user={user.Name}, verb={verb}, resource=nodes, subresource(s)=[{names}])");
            return;
        }

        await AnswerAsync(context, path);
    }

    private Task AnswerAsync(HttpContext context, string path) => path switch
    {
        "/metrics/cadvisor" => WriteCadvisorAsync(context),
        "/metrics/resource" => WriteResourceAsync(context),
        "/stats/summary" => WriteJsonAsync(context, cluster =>
            new SummaryPage(Node, cluster.Now, context.Request.Query["only_cpu_and_memory"] == "true").Render()),
        "/pods" => WriteJsonAsync(context, cluster => PodsPage.Render(cluster, Node)),
        "/healthz" => WriteTextAsync(context, StatusCodes.Status200OK, "ok"),
        _ => WriteTextAsync(context, StatusCodes.Status404NotFound, "404 page not found\n"),
    };

    private async Task WriteCadvisorAsync(HttpContext context)
    {
        Interlocked.Increment(ref cadvisorScrapes);
        bool anonymous = Interlocked.Exchange(ref firstScrapePending, 0) == 1;
        NodeSnapshot snapshot = state.Enter(cluster => Node.Sampler.Snapshot(cluster.Now));
        using PageWriter page = new(snapshot.Samples.Length * 16 * 1024);
        CadvisorPage.Write(page, snapshot, anonymous);
        context.Response.Headers["Process-Start-Time-Unix"] = ProcessStarted.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await WritePageAsync(context, page);
    }

    private async Task WriteResourceAsync(HttpContext context)
    {
        (IReadOnlyList<ResourceRow> containers, IReadOnlyList<ResourceRow> pods, ResourceRow? root) =
            state.Enter(cluster => ResourceRow.Of(Node, cluster.Now));
        using PageWriter page = new((containers.Count + pods.Count + 8) * 1024);
        ResourcePage.Write(page, containers, pods, root);
        await WritePageAsync(context, page);
    }

    /// <summary>Compressed with gzip where that is accepted, never with anything else.</summary>
    private static async Task WritePageAsync(HttpContext context, PageWriter page)
    {
        context.Response.ContentType = MetricsContentType;
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            await context.Response.Body.WriteAsync(page.Written, context.RequestAborted);
            return;
        }

        context.Response.Headers.ContentEncoding = "gzip";
        await using GZipStream gzip = new(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(page.Written, context.RequestAborted);
    }

    private Task WriteJsonAsync(HttpContext context, Func<ClusterState, ReadOnlyMemory<byte>> render)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(state.Enter(render), context.RequestAborted).AsTask();
    }

    private AccessRequest Asked(string verb, string subresource) =>
        new() { Verb = verb, Resource = "nodes", Subresource = subresource, Name = Node.Name };

    private static IReadOnlyList<string> Subresources(string path)
    {
        if (path.StartsWith("/metrics", StringComparison.Ordinal))
            return ["metrics"];
        if (path.StartsWith("/stats", StringComparison.Ordinal))
            return ["stats"];
        return path switch
        {
            "/pods" => ["pods", "proxy"],
            "/healthz" => ["healthz", "proxy"],
            "/configz" => ["configz", "proxy"],
            _ => ["proxy"],
        };
    }

    private static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private void ComeBack()
    {
        ProcessStarted = time.GetUtcNow();
        Interlocked.Exchange(ref firstScrapePending, 1);
        Faults.RefuseConnections = false;
        restartTimer?.Dispose();
    }
}
