namespace Observability.Exposition;

/// <summary>Keeps the start of a line whose end is in a later piece of the page, up to what a line (and a carriage return) may have.</summary>
internal sealed class SplitLine(int maxLineBytes)
{
    private byte[] _room = [];
    private int _length;

    /// <summary>Whether anything was kept.</summary>
    internal bool Started => _length > 0 || TooLong;

    /// <summary>More came than a line may have: <see cref="Bytes"/> are not all of it.</summary>
    internal bool TooLong { get; private set; }

    internal ReadOnlySpan<byte> Bytes => _room.AsSpan(0, _length);

    internal void Append(ReadOnlySpan<byte> part)
    {
        int length = _length + part.Length;
        TooLong |= length > maxLineBytes + 1;
        if (TooLong) return;
        if (length > _room.Length) Array.Resize(ref _room, Math.Min(Math.Max(2 * length, 1024), maxLineBytes + 1));
        part.CopyTo(_room.AsSpan(_length));
        _length = length;
    }

    internal void Clear()
    {
        _length = 0;
        TooLong = false;
    }

    /// <summary>Gives its memory back too.</summary>
    internal void Free()
    {
        Clear();
        _room = [];
    }
}
