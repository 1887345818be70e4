using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Observability.Simulator.Api;

/// <summary>One address of the process: who answers there, and its open connections, so that an outage can close them.</summary>
internal sealed class Listener
{
    private const string Key = "listener";

    private readonly ConcurrentDictionary<string, ConnectionContext> connections = new();
    private readonly EndpointFaults faults;

    public Listener(EndpointFaults faults, RequestDelegate handle)
    {
        this.faults = faults;
        Handle = handle;
        faults.ConnectionsRefused = CloseConnections;
    }

    public RequestDelegate Handle { get; }

    public static Listener Of(HttpContext context) =>
        (Listener)context.Features.Get<IConnectionItemsFeature>()!.Items[Key]!;

    /// <summary>Connection middleware, to stand before TLS.</summary>
    public async Task AcceptAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (faults.RefuseConnections)
        {
            connection.Abort();
            return;
        }

        connection.Items[Key] = this;
        connections[connection.ConnectionId] = connection;
        try
        {
            await next(connection);
        }
        finally
        {
            connections.TryRemove(connection.ConnectionId, out _);
        }
    }

    private void CloseConnections()
    {
        foreach (ConnectionContext connection in connections.Values)
            connection.Abort(new ConnectionAbortedException("The listener is down."));
    }
}
