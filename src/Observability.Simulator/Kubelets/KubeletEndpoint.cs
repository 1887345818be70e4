using Observability.Simulator.Api;
using Observability.Simulator.Cluster;
using Observability.Simulator.Rbac;

namespace Observability.Simulator.Kubelets;

/// <summary>One kubelet's HTTPS endpoints: rights first, then the page.</summary>
internal sealed class KubeletEndpoint(ClusterState state, Node node, Authenticator authenticator, TimeProvider time)
{
    private long cadvisorScrapes;
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

        await WriteTextAsync(context, StatusCodes.Status404NotFound, "404 page not found\n");
        _ = Interlocked.Increment(ref cadvisorScrapes);
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
        Faults.RefuseConnections = false;
        restartTimer?.Dispose();
    }
}
