namespace Observability.Simulator.Cluster;

/// <summary>Counters of one network interface.</summary>
internal struct NetworkUse
{
    public long ReceiveBytes;
    public long ReceivePackets;
    public long TransmitBytes;
    public long TransmitPackets;

    public void Add(in NetworkUse other)
    {
        ReceiveBytes += other.ReceiveBytes;
        ReceivePackets += other.ReceivePackets;
        TransmitBytes += other.TransmitBytes;
        TransmitPackets += other.TransmitPackets;
    }
}
