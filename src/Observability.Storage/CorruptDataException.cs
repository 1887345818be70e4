namespace Observability.Storage;

/// <summary>Stored data does not match its checksum or its format. Nothing of it was given out.</summary>
public sealed class CorruptDataException(string message, Exception? inner = null) : Exception(message, inner);
