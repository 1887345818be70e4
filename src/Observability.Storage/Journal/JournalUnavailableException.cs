namespace Observability.Storage;

/// <summary>Why a journal takes nothing now.</summary>
public enum JournalRefusal
{
    /// <summary>It takes batches.</summary>
    None,

    /// <summary>It is still giving back what it held when the process started.</summary>
    Replaying,

    /// <summary>The disk has less free space than is to be kept, or none.</summary>
    DiskFull,

    /// <summary>A write or sync failed.</summary>
    WriteFailed,

    /// <summary>The process is ending.</summary>
    Closed,

    /// <summary>A tenant that the batch is for was deleted since its series were resolved. Resolved anew, they begin anew.</summary>
    TenantDeleted,
}

/// <summary>A batch was not taken, and nothing of it was acknowledged. The same batch may be taken a little later.</summary>
public sealed class JournalUnavailableException(JournalRefusal refusal, string message, Exception? inner = null) : IOException(message, inner)
{
    public JournalRefusal Refusal { get; } = refusal;
}
