using Observability.Model;

namespace Observability.Storage.Chunks;

/// <summary>Packs samples into chunks of Prometheus' XOR layout, one after the other, for those who ask for chunks. Used by one thread.</summary>
public sealed class XorChunkWriter
{
    private const int LongestSample = 24; // 4 + 64 bits of time, 2 + 11 + 64 of value, and what a write may touch behind

    private readonly byte[] _bytes = new byte[XorChunk.TargetSamples * LongestSample];
    private XorState _state;

    public int Count => _state.Count;

    /// <summary>Time of the first sample; undefined while there is none.</summary>
    public long MinTimeMs { get; private set; }

    /// <summary>Time of the last sample; undefined while there is none.</summary>
    public long MaxTimeMs => _state.LastMs;

    /// <summary>True where the chunk is to be taken before the next sample.</summary>
    public bool IsFull => _state.Count >= XorChunk.TargetSamples || !XorChunk.HasRoom(_state, _bytes.Length);

    /// <summary>The chunk; good until the next call that changes it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _state.ByteLength);

    /// <summary>Adds a sample behind the last.</summary>
    /// <exception cref="InvalidOperationException">The chunk is full, or the time does not rise.</exception>
    public void Append(Sample sample)
    {
        if (IsFull || (_state.Count > 0 && sample.TimestampMs <= _state.LastMs))
            throw new InvalidOperationException("The sample does not fit behind the last.");
        if (_state.Count == 0)
            MinTimeMs = sample.TimestampMs;
        XorChunk.Append(ref _state, _bytes, sample.TimestampMs, BitConverter.DoubleToInt64Bits(sample.Value));
    }

    /// <summary>Begins the next chunk.</summary>
    public void Restart() => _state.Restart();
}
