namespace Observability.Storage;

/// <summary>What became of a batch's samples: their sum is what was added.</summary>
/// <param name="Accepted">Stored.</param>
/// <param name="Duplicates">Stored before with the same timestamp and the same bits: a redelivery, no loss.</param>
/// <param name="OutOfOrder">Not stored, since another value has their time, or they come later than <see cref="StoreOptions.OutOfOrderWindow"/>.</param>
/// <param name="TooOld">Older than the head's range.</param>
/// <param name="TooNew">Further ahead of the clock than <see cref="StoreOptions.MaxFuture"/>.</param>
/// <param name="OverLimit">Of a forgotten series that the partition's limit left no place for.</param>
/// <param name="OverRate">More than the partition takes a second.</param>
public readonly record struct WriteResult(int Accepted, int Duplicates, int OutOfOrder, int TooOld, int TooNew, int OverLimit = 0, int OverRate = 0)
{
    /// <summary>Samples that were lost here.</summary>
    public int Refused => OutOfOrder + TooOld + TooNew + OverLimit + OverRate;

    public static WriteResult operator +(WriteResult left, WriteResult right) => Add(left, right);

    public static WriteResult Add(WriteResult left, WriteResult right) => new(
        left.Accepted + right.Accepted, left.Duplicates + right.Duplicates, left.OutOfOrder + right.OutOfOrder,
        left.TooOld + right.TooOld, left.TooNew + right.TooNew, left.OverLimit + right.OverLimit,
        left.OverRate + right.OverRate);
}
