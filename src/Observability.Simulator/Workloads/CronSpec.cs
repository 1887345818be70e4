namespace Observability.Simulator.Workloads;

/// <summary>Creates a short-lived pod again and again, as a CronJob does.</summary>
public sealed record CronSpec
{
    /// <summary>Its name is the prefix of each run's; its containers need <see cref="ContainerSpec.RunsFor"/>.</summary>
    public required PodSpec Template { get; init; }

    public required TimeSpan Every { get; init; }
}
