namespace Observability.Storage;

/// <summary>What was selected has been removed since: by retention, or with its tenant.</summary>
public sealed class DataRemovedException(string message) : Exception(message);
