namespace Observability.Protocol.Ingest;

/// <summary>A batch whose columns cannot be read, or that holds more than the reader takes. Nothing of it may be used.</summary>
public sealed class BatchFormatException : Exception
{
    public BatchFormatException()
    {
    }

    public BatchFormatException(string message)
        : base(message)
    {
    }

    public BatchFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
