namespace Observability.Storage;

/// <summary>What a journal gave back at a start.</summary>
public sealed record JournalReplayReport(int Segments, long Bytes, long Series, long Samples, TimeSpan Duration, IReadOnlyList<JournalLoss> Losses)
{
    public long LostBytes => Losses.Sum(loss => loss.Bytes);
}

/// <summary>
/// A part of the journal that could not be read. Behind the last batch of the process before, it is a batch that was cut off in the
/// middle and never acknowledged; elsewhere the disk has lost something.
/// </summary>
/// <param name="File">The segment.</param>
/// <param name="Position">Bytes before it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="IsTail">True at the end of the newest segment, where an unfinished write is.</param>
public sealed record JournalLoss(string File, long Position, long Bytes, bool IsTail);
