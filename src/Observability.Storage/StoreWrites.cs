namespace Observability.Storage;

/// <summary>What became of all samples that were written since the store began; see <see cref="WriteResult"/>.</summary>
public readonly record struct StoreWrites(long Accepted, long Duplicates, long OutOfOrder, long TooOld, long TooNew, long OverLimit, long OverRate = 0)
{
    internal StoreWrites Plus(WriteResult result) => new(
        Accepted + result.Accepted, Duplicates + result.Duplicates, OutOfOrder + result.OutOfOrder,
        TooOld + result.TooOld, TooNew + result.TooNew, OverLimit + result.OverLimit, OverRate + result.OverRate);

    internal StoreWrites Plus(StoreWrites other) => new(
        Accepted + other.Accepted, Duplicates + other.Duplicates, OutOfOrder + other.OutOfOrder,
        TooOld + other.TooOld, TooNew + other.TooNew, OverLimit + other.OverLimit, OverRate + other.OverRate);
}
