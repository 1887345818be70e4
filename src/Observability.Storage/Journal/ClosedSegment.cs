using Observability.Model;

namespace Observability.Storage;

/// <summary>A segment that is not written any more.</summary>
/// <param name="Number">Position in the order of writing.</param>
/// <param name="StampMs">When it was begun; see <see cref="StoreDirectory.NextStampMs"/>.</param>
/// <param name="FilePath">Full path.</param>
/// <param name="Length">Bytes.</param>
/// <param name="NewestMs">Time of the newest sample of each partition in it.</param>
internal sealed record ClosedSegment(long Number, long StampMs, string FilePath, long Length, IReadOnlyDictionary<TenantUid, long> NewestMs);
