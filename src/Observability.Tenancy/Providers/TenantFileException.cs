namespace Observability.Tenancy;

/// <summary>A tenant file is wrong.</summary>
public sealed class TenantFileException : Exception
{
    public TenantFileException(IReadOnlyList<string> faults, Exception? innerException = null)
        : base("The tenant file is wrong: " + string.Join(" ", faults), innerException) => Faults = faults;

    /// <summary>Everything that is wrong, each with where.</summary>
    public IReadOnlyList<string> Faults { get; }
}
