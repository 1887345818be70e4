namespace Observability.Simulator.Workloads;

/// <summary>What the kubelet does when a main container ends.</summary>
public enum RestartPolicy
{
    Always,
    OnFailure,
    Never,
}
