namespace Observability.Tenancy;

/// <summary><c>spec.overhead</c>: what the runtime class adds to the sum of the containers.</summary>
public sealed record PodOverhead(long? CpuMillicores, long? MemoryBytes, long? EphemeralStorageBytes);
