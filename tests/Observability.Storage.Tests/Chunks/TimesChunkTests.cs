using CsCheck;
using Observability.Storage.Chunks;

namespace Observability.Storage.Tests.Chunks;

internal sealed class TimesChunkTests
{
    [Test]
    public void Any_rising_times_come_back_from_any_row_on() =>
        Gen.Select(Gen.Long[-1L << 50, 1L << 50], Gen.OneOf(Gen.Long[1, 30_000], Gen.Long[1, 1L << 45]).Array[0, PackedValues.MaxCount - 1], Gen.Int[0, 1000])
            .Sample((firstMs, steps, where) =>
            {
                var chunk = new TimesChunk(firstMs);
                List<long> times = [firstMs];
                foreach (long step in steps)
                {
                    times.Add(times[^1] + step);
                    chunk.Append(times[^1]);
                }
                chunk.Close();
                int row = where % times.Count;
                var decoded = new long[times.Count - row];
                TimesChunk.Decode([.. chunk.Bytes, .. new byte[TimesChunk.Padding]], chunk.FirstMs, row, decoded);
                return chunk.LastMs == times[^1] && chunk.Count == times.Count && chunk.TimeOf(row) == times[row]
                    && decoded.AsSpan().SequenceEqual(times.ToArray().AsSpan(row));
            }, iter: 1000);
}
