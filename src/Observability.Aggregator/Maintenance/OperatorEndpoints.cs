using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Observability.Access;
using Observability.Aggregator.Access;
using Observability.Aggregator.Listening;
using Observability.Aggregator.Surfaces;
using Observability.Model;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.Maintenance;

/// <summary>
/// What operators do to the store, on the admin listener:
/// <c>POST /api/v1/operator/snapshots</c> and <c>DELETE /api/v1/operator/tenants/{tenant}/data</c>.
/// </summary>
internal sealed partial class OperatorEndpoints(StoreLifecycle lifecycle, TenantDirectory directory, ILogger<OperatorEndpoints> logger)
{
    public const string SnapshotsPath = "/api/v1/operator/snapshots";
    public const string DataPath = $"/api/v1/operator/tenants/{{{ScopedEndpoints.TenantValue}}}/data";

    public async Task SnapshotAsync(HttpContext context)
    {
        string path = await lifecycle.SnapshotAsync(context.RequestAborted);
        string username = Caller.Of(context).Identity.Username;
        LogSnapshot(path, username);
        var body = new SnapshotBody(Path.GetFileName(path), path);
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, body, OperatorJson.Default.SnapshotBody, context.RequestAborted);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        var name = TenantName.Parse((string)context.GetRouteValue(ScopedEndpoints.TenantValue)!); // as it was authorised
        if (!directory.Current.TryGetTenant(name, out Tenant? tenant))
        {
            await ErrorBody.NotFound(context);
            return;
        }
        // Begun, it is carried out, whether the caller waits or not.
        await lifecycle.DeleteAsync(tenant.Uid, CancellationToken.None);
        var body = new DeletionBody(name.ToString(), tenant.Uid.ToString());
        string username = Caller.Of(context).Identity.Username;
        LogDeleted(body.Tenant, body.Uid, username);
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, body, OperatorJson.Default.DeletionBody, context.RequestAborted);
    }

    [LoggerMessage(EventId = 4230, Level = LogLevel.Information, Message = "Snapshot {Path} was made for {Username}")]
    private partial void LogSnapshot(string path, string username);

    [LoggerMessage(EventId = 4231, Level = LogLevel.Warning, Message = "All data of tenant {Tenant} ({Uid}) was deleted for {Username}")]
    private partial void LogDeleted(string tenant, string uid, string username);
}

internal static class OperatorExtensions
{
    public static void MapOperator(this IEndpointRouteBuilder routes)
    {
        Map(HttpMethods.Post, OperatorEndpoints.SnapshotsPath, OperatorAction.CreateSnapshot, endpoints => endpoints.SnapshotAsync);
        Map(HttpMethods.Delete, OperatorEndpoints.DataPath, OperatorAction.DeleteTenantData, endpoints => endpoints.DeleteAsync);

        void Map(string method, string pattern, OperatorAction action, Func<OperatorEndpoints, RequestDelegate> handler) =>
            routes.MapMethods(pattern, [method], context => context.RequestServices.GetService<OperatorEndpoints>() is { } endpoints
                    ? handler(endpoints)(context)
                    : ErrorBody.Unprocessable(context, "Store:Path is empty: the store is in memory, and there is nothing to copy or delete on disk"))
                .WithMetadata(new Surface(Listeners.Admin, SurfaceRight.Operator, action), Parameters.None);
    }
}

/// <summary>Answer to a snapshot: its name, and the folder on the aggregator's disk.</summary>
internal sealed record SnapshotBody(string Name, string Path);

/// <summary>Answer to a deletion: whose data is gone.</summary>
internal sealed record DeletionBody(string Tenant, string Uid);

[JsonSerializable(typeof(SnapshotBody))]
[JsonSerializable(typeof(DeletionBody))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class OperatorJson : JsonSerializerContext;
