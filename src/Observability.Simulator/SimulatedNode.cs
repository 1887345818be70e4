using Observability.Simulator.Kubelets;

namespace Observability.Simulator;

/// <summary>A node of the cluster and its kubelet.</summary>
public sealed class SimulatedNode
{
    private readonly KubeletEndpoint endpoint;

    internal SimulatedNode(KubeletEndpoint endpoint, Uri kubelet)
    {
        this.endpoint = endpoint;
        Name = endpoint.Node.Name;
        Uid = endpoint.Node.Uid;
        Kubelet = kubelet;
    }

    public string Name { get; }

    public string Uid { get; }

    /// <summary>The root of the kubelet's HTTPS endpoints, such as <c>https://127.0.0.1:40123/</c>.</summary>
    public Uri Kubelet { get; }

    public EndpointFaults Faults => endpoint.Faults;

    /// <summary>Scrapes of /metrics/cadvisor that were answered with a page.</summary>
    public long CadvisorScrapes => endpoint.CadvisorScrapes;

    /// <summary>
    /// Refuses connections for the outage (about 9 s on a real node), in simulated time. The first /metrics/cadvisor page after it has every
    /// pod row without namespace and pod, and only about half of the container rows; the following ones are whole.
    /// </summary>
    public void RestartKubelet(TimeSpan outage) => endpoint.Restart(outage);
}
