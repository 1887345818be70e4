namespace Observability.Exposition;

/// <summary>Where escaped text is unescaped to. Grows to the longest line seen; one reader or cache owns it.</summary>
internal sealed class LabelScratch
{
    private byte[] _name = [];
    private byte[] _label = [];

    /// <summary>Room for the series' own name, kept apart because labels are read while it is held.</summary>
    internal Span<byte> ForName(int length) => Room(ref _name, length);

    /// <summary>Room for one label: its name, then its value.</summary>
    internal Span<byte> ForLabel(int length) => Room(ref _label, length);

    private static Span<byte> Room(ref byte[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new byte[Math.Max(length, 256)];
        return buffer;
    }
}
