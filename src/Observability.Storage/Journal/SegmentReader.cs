using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// Reads a segment a window at a time and checks it. Everything behind the first record that is not whole or has a wrong checksum is
/// lost, because nothing says where the next one would begin.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly List<TenantUid> _partitions = [];
    private bool _isBad;

    public SegmentReader(string path)
    {
        FilePath = path;
        Number = NumberOf(path);
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        Length = RandomAccess.GetLength(_file);
    }

    public string FilePath { get; }

    public long Number { get; }

    /// <summary>When the segment was begun; known after the first window.</summary>
    public long StampMs { get; private set; }

    public long Length { get; }

    /// <summary>Bytes up to the end of the last good record so far.</summary>
    public long GoodLength { get; private set; }

    /// <summary>The segment's partitions so far, by their number in it.</summary>
    public IReadOnlyList<TenantUid> Partitions => _partitions;

    /// <summary>The segments of a folder, in the order of writing.</summary>
    public static IReadOnlyList<(long Number, string Path)> In(string folder) =>
        [.. Directory.GetFiles(folder, "*.log")
            .Select(path => (Number: NumberOf(path), path)).Where(file => file.Number > 0).OrderBy(file => file.Number)];

    /// <summary>Fills a window with the next records.</summary>
    /// <returns>False at the end of what can be read.</returns>
    /// <exception cref="InvalidDataException">The segment is whole and of a version that is not known here.</exception>
    public bool Read(SegmentWindow window)
    {
        window.Clear();
        while (!_isBad && GoodLength < Length)
        {
            int filled = Fill(window.Bytes);
            int needed = Index(window, filled);
            if (!window.IsEmpty)
                return true;
            if (needed > 0)
                window.Grow(needed);
        }
        return false;
    }

    public void Dispose() => _file.Dispose();

    private static long NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private int Fill(Span<byte> bytes)
    {
        int filled = 0;
        while (filled < bytes.Length && RandomAccess.Read(_file, bytes[filled..], GoodLength + filled) is var read and > 0)
            filled += read;
        return filled;
    }

    /// <returns>The length of the first record where it is longer than the window; else 0.</returns>
    private int Index(SegmentWindow window, int filled)
    {
        ReadOnlySpan<byte> bytes = window.Bytes.AsSpan(0, filled);
        long start = GoodLength;
        int position = 0;
        while (true)
        {
            if (bytes.Length - position < FrameWriter.HeaderBytes)
            {
                _isBad |= start + filled >= Length && position < filled; // a piece of a header is all that is left
                return 0;
            }
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[position..]);
            if (length > int.MaxValue / 2 || FrameWriter.HeaderBytes + length > Length - start - position)
                break;
            if (FrameWriter.HeaderBytes + length > (uint)(bytes.Length - position))
                return position == 0 ? FrameWriter.HeaderBytes + (int)length : 0;
            ReadOnlySpan<byte> checkedBytes = bytes.Slice(position + 8, (int)length + 1);
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[(position + 4)..]) != FrameWriter.Checksum(length, checkedBytes)
                || !Take(window, (FrameType)checkedBytes[0], position + FrameWriter.HeaderBytes, (int)length))
                break;
            position += FrameWriter.HeaderBytes + (int)length;
            GoodLength = start + position;
        }
        _isBad = true;
        return 0;
    }

    private bool Take(SegmentWindow window, FrameType type, int start, int length)
    {
        var reader = new FrameReader(window.Bytes.AsSpan(start, length));
        if (GoodLength == 0 != (type == FrameType.Segment))
            return false;
        switch (type)
        {
            case FrameType.Segment:
                if (!reader.Raw(SegmentEncoder.Magic.Length).SequenceEqual(SegmentEncoder.Magic))
                    return false;
                byte version = reader.Raw(1)[0];
                if (version != SegmentEncoder.Version)
                    throw new InvalidDataException($"{FilePath} is of version {version}; this program reads version {SegmentEncoder.Version}.");
                _ = reader.Number();
                StampMs = reader.Signed();
                return true;
            case FrameType.Partition:
                if (!TenantUid.TryParse(reader.Text(), out TenantUid uid))
                    return false;
                _partitions.Add(uid);
                return true;
            case FrameType.Series or FrameType.Samples:
                ulong number = reader.Number();
                if (number >= (ulong)_partitions.Count)
                    return false;
                window.Add((int)number, new SegmentWindow.Frame(type, start, length));
                return true;
            default:
                throw new InvalidDataException($"{FilePath} holds a record of type {(byte)type}, which this program does not know.");
        }
    }
}
