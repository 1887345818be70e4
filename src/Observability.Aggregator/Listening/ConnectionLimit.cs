using Microsoft.AspNetCore.Connections;

namespace Observability.Aggregator.Listening;

/// <summary>Connections of one listener. Over the limit a new one is closed at once, before it costs a handshake.</summary>
internal sealed class ConnectionLimit(int limit)
{
    private int _open;

    public ConnectionDelegate Wrap(ConnectionDelegate next) => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) > limit)
            {
                connection.Abort();
                return;
            }
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}
