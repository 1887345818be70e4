using Observability.Simulator.Cluster;
using Observability.Simulator.Rbac;

namespace Observability.Simulator.Api;

/// <summary>Routes the API server's requests: who calls, may they, and then discovery, reviews, or list, get and watch.</summary>
internal sealed class ApiServer(ClusterState state, Authenticator authenticator, TokenStore tokens, TimeProvider time)
{
    private readonly Reviews reviews = new(authenticator, tokens, time);

    public EndpointFaults Faults { get; } = new();

    public ApiRequestCounts Requests { get; } = new();

    public WatchSettings Watches { get; } = new();

    public async Task HandleAsync(HttpContext context)
    {
        if (Faults.Delay > TimeSpan.Zero)
            await Task.Delay(Faults.Delay, time, context.RequestAborted);

        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        ApiTarget? target = ApiTarget.Parse(path);
        AccessRequest asked = Asked(context.Request, target);
        Count(asked);

        StatusAnswer? refusal = Refusal(context, asked);
        if (refusal is not null)
        {
            await refusal.WriteAsync(context);
            return;
        }

        // The lock is taken once so that everything due by now is in the store before it is read.
        state.Enter(static _ => true);
        try
        {
            await AnswerAsync(context, target, asked);
        }
        catch (FormatException exception)
        {
            await StatusAnswer.BadRequest(exception.Message).WriteAsync(context);
        }
        catch (CompactedException exception)
        {
            await StatusAnswer.Expired(exception.Message).WriteAsync(context);
        }
    }

    private StatusAnswer? Refusal(HttpContext context, AccessRequest asked)
    {
        if (Faults.FailWithStatus != 0)
            return new StatusAnswer(Faults.FailWithStatus, "InternalError", "an error on the server has prevented the request from succeeding");
        if (authenticator.Authenticate(context.Request) is not { } user)
            return StatusAnswer.Unauthorized;
        return authenticator.IsAllowed(user, asked) ? null : StatusAnswer.Forbidden(user.Name, asked);
    }

    private Task AnswerAsync(HttpContext context, ApiTarget? target, AccessRequest asked)
    {
        if (target is null)
            return Discovery.AnswerAsync(context);
        if (asked.Resource == "tokenreviews" && asked.Verb == "create")
            return reviews.TokenAsync(context);
        if (asked.Resource == "subjectaccessreviews" && asked.Verb == "create")
            return reviews.AccessAsync(context);
        if (target is { Group: "", Resource: "serviceaccounts", Namespace: { } ns, Subresource: "token" } && asked.Verb == "create")
        {
            return state.Objects.Find(ResourceKind.ServiceAccounts, ns, target.Name) is null
                ? StatusAnswer.NotFound(ResourceKind.ServiceAccounts, target.Name).WriteAsync(context)
                : reviews.IssueAsync(context, ns, target.Name, state.Enter(cluster => cluster.CreateServiceAccount(ns, target.Name)));
        }
        if (ResourceKind.Find(target.Group, target.Version, target.Resource) is not { } kind
            || asked.Verb is not ("get" or "list" or "watch")
            || (target.Namespace is not null && !kind.Namespaced)
            || target.Subresource.Length > 0)
        {
            return StatusAnswer.NotFoundPath.WriteAsync(context);
        }

        ObjectReads reads = new(state.Objects, kind, Watches, time);
        return asked.Verb switch
        {
            "get" => reads.GetAsync(context, target.Namespace, target.Name),
            "list" => reads.ListAsync(context, target.Namespace),
            _ => reads.WatchAsync(context, target.Namespace),
        };
    }

    private static AccessRequest Asked(HttpRequest request, ApiTarget? target)
    {
        if (target is null)
            return new AccessRequest { Verb = HttpMethods.IsGet(request.Method) ? "get" : "post", Path = request.Path.Value };

        bool watch = request.Query["watch"].ToString() is "true" or "1";
        string verb = request.Method switch
        {
            "POST" => "create",
            "GET" when target.Name.Length > 0 => "get",
            "GET" => watch ? "watch" : "list",
            _ => "update",
        };

        // A namespace is itself an object in the namespace of its name, as the API server sees it.
        return new AccessRequest
        {
            Verb = verb,
            Group = target.Group,
            Resource = target.Resource,
            Subresource = target.Subresource,
            Namespace = target.Namespace ?? (target is { Group: "", Resource: "namespaces" } ? target.Name : ""),
            Name = target.Name,
        };
    }

    private void Count(AccessRequest asked)
    {
        if (asked.Resource == "tokenreviews")
            Requests.CountTokenReview();
        else if (asked.Resource == "subjectaccessreviews")
            Requests.CountAccessReview();
        else if (asked.Path is null)
            Requests.CountRead(asked.Verb);
    }
}
