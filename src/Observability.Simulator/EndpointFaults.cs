namespace Observability.Simulator;

/// <summary>How a listener misbehaves; all off at first. Set from any thread, it counts from the next request on.</summary>
public sealed class EndpointFaults
{
    private volatile bool refuseConnections;

    /// <summary>Resets new connections before TLS; the ones that exist are closed when it is set.</summary>
    public bool RefuseConnections
    {
        get => refuseConnections;
        set
        {
            refuseConnections = value;
            if (value)
                ConnectionsRefused?.Invoke();
        }
    }

    /// <summary>Answers every request with this status, such as 500; 0 is off.</summary>
    public int FailWithStatus { get; set; }

    /// <summary>Waits, in simulated time, before each answer.</summary>
    public TimeSpan Delay { get; set; }

    internal Action? ConnectionsRefused { get; set; }
}
