namespace Observability.Exposition;

/// <summary>Answers of <see cref="IRowSink.Define"/> that are no slot.</summary>
public static class RowSlot
{
    /// <summary>Rows with this key are never wanted: from the next page on they cost a compare and a jump to the next line.</summary>
    public const int Skip = -1;

    /// <summary>Not decidable yet: asked again at the next page, no sample until then.</summary>
    public const int AskAgain = -2;
}
