namespace Observability.Storage;

/// <summary>The store's folder cannot be used; the message says why, and who holds it if somebody does.</summary>
public sealed class StoreDirectoryException(string message, Exception? inner = null) : Exception(message, inner);
