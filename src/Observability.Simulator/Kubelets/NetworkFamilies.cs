using System.Text;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>The eight families of network interfaces: nothing is dropped and nothing fails here.</summary>
internal static class NetworkFamilies
{
    public static IReadOnlyList<(string Name, byte[] Header, Func<NetworkUse, long> Value)> All { get; } =
    [
        .. Direction("receive", "received", "receiving", use => use.ReceiveBytes, use => use.ReceivePackets),
        .. Direction("transmit", "transmitted", "transmitting", use => use.TransmitBytes, use => use.TransmitPackets),
    ];

    private static (string Name, byte[] Header, Func<NetworkUse, long> Value)[] Direction(
        string direction, string done, string doing, Func<NetworkUse, long> bytes, Func<NetworkUse, long> packets) =>
    [
        Family($"container_network_{direction}_bytes_total", $"Cumulative count of bytes {done}", bytes),
        Family($"container_network_{direction}_errors_total", $"Cumulative count of errors encountered while {doing}", _ => 0),
        Family($"container_network_{direction}_packets_dropped_total", $"Cumulative count of packets dropped while {doing}", _ => 0),
        Family($"container_network_{direction}_packets_total", $"Cumulative count of packets {done}", packets),
    ];

    private static (string Name, byte[] Header, Func<NetworkUse, long> Value) Family(string name, string help, Func<NetworkUse, long> value) =>
        (name, Encoding.UTF8.GetBytes($"# HELP {name} {help}\n# TYPE {name} counter\n"), value);
}
