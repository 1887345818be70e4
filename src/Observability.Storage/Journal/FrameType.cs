namespace Observability.Storage;

/// <summary>
/// The records of a segment. Each is framed as <c>length (4) | CRC-32C of length, type and payload (4) | type (1) | payload</c>, numbers
/// little-endian; in payloads, numbers are varints (7 bits a byte, low first), signed ones zigzag.
/// </summary>
internal enum FrameType : byte
{
    /// <summary>First record of a segment: <c>"OBSJ" (4) | version (1) | number | stamp in ms</c>.</summary>
    Segment = 1,

    /// <summary>The next partition of the segment, numbered from 0: its UID as text.</summary>
    Partition = 2,

    /// <summary>
    /// Series of a partition: <c>partition | count | series…</c>, each <c>id difference | label count | labels…</c>. A label is its number
    /// in the segment and partition; where that is the next free number, name and value follow, each as <c>bytes | UTF-8</c>.
    /// </summary>
    Series = 3,

    /// <summary>
    /// Samples of a partition: <c>partition | runs | samples | runs… | ids… | lengths… | values…</c>. A run is <c>time difference | count</c>,
    /// an id the difference to the one before. A value's low zero bytes are left out: its length in bytes is in half a byte of the lengths
    /// (first sample low), its bytes, high first, are in the values.
    /// </summary>
    Samples = 4,
}
