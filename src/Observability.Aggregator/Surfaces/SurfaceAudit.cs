using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Observability.Aggregator.Listening;

namespace Observability.Aggregator.Surfaces;

/// <summary>The check at start that the route table is closed.</summary>
internal static class SurfaceAudit
{
    /// <exception cref="InvalidOperationException">Names every endpoint whose surface is missing or makes no sense.</exception>
    public static void Check(EndpointDataSource endpoints)
    {
        List<string> faults = [];
        foreach (Endpoint endpoint in endpoints.Endpoints)
        {
            string name = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName ?? "?";
            IReadOnlyList<Surface> surfaces = endpoint.Metadata.GetOrderedMetadata<Surface>();
            if (surfaces.Count != 1)
                faults.Add($"{name} declares {surfaces.Count} surfaces");
            else if (surfaces[0] is { Right: SurfaceRight.Open, Listener: not Listeners.Admin })
                faults.Add($"{name} is open beyond the admin listener");
            else if ((surfaces[0].Right == SurfaceRight.Operator) != (surfaces[0].Action is not null)
                || surfaces[0] is { Right: SurfaceRight.Operator, Listener: not Listeners.Admin })
                faults.Add($"{name}: an operator's right, an action and the admin listener go together");
            else if (surfaces[0].Right == SurfaceRight.Open && !OnlyReads(endpoint))
                faults.Add($"{name} is open and does not only read");
            else if (surfaces[0].Right == SurfaceRight.Collector != (surfaces[0].Listener == Listeners.Ingest))
                faults.Add($"{name}: collectors and the ingest listener go together");
            else if (surfaces[0].Right is SurfaceRight.Metrics or SurfaceRight.LiveMetrics && endpoint.Metadata.GetMetadata<Parameters>() is null)
                faults.Add($"{name} declares no parameters");
            else if (surfaces[0].Listener == Listeners.None)
                faults.Add($"{name} is reachable through no listener");
        }
        if (faults.Count > 0)
            throw new InvalidOperationException("The route table is not closed: " + string.Join("; ", faults));
    }

    private static bool OnlyReads(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods &&
        methods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
}
