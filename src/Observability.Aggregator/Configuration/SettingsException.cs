namespace Observability.Aggregator;

/// <summary>Settings with which the aggregator does not start: all faults, each naming its key.</summary>
public sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception("Wrong settings:" + Environment.NewLine + string.Join(Environment.NewLine, faults.Select(fault => "  " + fault)))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
