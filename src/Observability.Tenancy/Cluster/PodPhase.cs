namespace Observability.Tenancy;

/// <summary><c>status.phase</c> of a pod.</summary>
public enum PodPhase
{
    Unknown,
    Pending,
    Running,
    Succeeded,
    Failed,
}
