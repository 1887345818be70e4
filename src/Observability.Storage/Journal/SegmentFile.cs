using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// One segment as read at a start: its bytes, checked, and where each partition's records are in them. Everything behind the first
/// record that is not whole or has a wrong checksum is lost, because nothing says where the next one would begin.
/// </summary>
internal sealed class SegmentFile : IDisposable
{
    private const int ReadBytes = 8 << 20;

    private readonly NativeBuffer _bytes;
    private readonly List<Part> _parts = [];

    private SegmentFile(string path, long number, NativeBuffer bytes)
    {
        FilePath = path;
        Number = number;
        _bytes = bytes;
    }

    public string FilePath { get; }

    public long Number { get; }

    public long StampMs { get; private set; }

    public long Length => _bytes.Length;

    /// <summary>Bytes up to the end of the last good record.</summary>
    public int GoodLength { get; private set; }

    public IReadOnlyList<Part> Parts => _parts;

    /// <summary>The segments of a folder, in the order of writing.</summary>
    public static IReadOnlyList<(long Number, string Path)> In(string folder) =>
        [.. Directory.GetFiles(folder, "*.log")
            .Select(path => (Number: NumberOf(path), path)).Where(file => file.Number > 0).OrderBy(file => file.Number)];

    /// <exception cref="InvalidDataException">The segment is whole and of a version that is not known here.</exception>
    public static SegmentFile Read(string path, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        long length = RandomAccess.GetLength(file);
        if (length > int.MaxValue)
            throw new InvalidDataException($"{path} is longer than a segment can be.");
        var bytes = new NativeBuffer((int)length);
        try
        {
            for (int read = 0; read < length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int got = RandomAccess.Read(file, bytes.Span.Slice(read, Math.Min(ReadBytes, (int)length - read)), read);
                read += got > 0 ? got : throw new EndOfStreamException($"{path} became shorter while it was read.");
            }
            var segment = new SegmentFile(path, NumberOf(path), bytes);
            segment.Index();
            return segment;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>A frame's payload.</summary>
    public ReadOnlySpan<byte> Payload(Frame frame) => _bytes.Span.Slice(frame.Start, frame.Length);

    /// <summary>Cuts the file behind its last good record.</summary>
    /// <param name="keepsCopy">True: the file as it was stays beside it, for whoever wants to look at it.</param>
    public void Truncate(bool keepsCopy)
    {
        if (keepsCopy)
            File.Copy(FilePath, FilePath + ".corrupt", overwrite: true);
        if (GoodLength == 0)
        {
            File.Delete(FilePath);
            return;
        }
        using SafeFileHandle file = File.OpenHandle(FilePath, FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(file, GoodLength);
        RandomAccess.FlushToDisk(file);
    }

    public void Dispose() => _bytes.Dispose();

    private static long NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private void Index()
    {
        ReadOnlySpan<byte> bytes = _bytes.Span;
        int position = 0;
        while (bytes.Length - position >= FrameWriter.HeaderBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[position..]);
            if (length > (uint)(bytes.Length - position - FrameWriter.HeaderBytes))
                break;
            ReadOnlySpan<byte> checkedBytes = bytes.Slice(position + 8, (int)length + 1);
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[(position + 4)..]) != FrameWriter.Checksum(length, checkedBytes))
                break;
            if (!Add((FrameType)checkedBytes[0], new Frame((FrameType)checkedBytes[0], position + FrameWriter.HeaderBytes, (int)length), isFirst: position == 0))
                break;
            position += FrameWriter.HeaderBytes + (int)length;
        }
        GoodLength = position;
    }

    private bool Add(FrameType type, Frame frame, bool isFirst)
    {
        var reader = new FrameReader(Payload(frame));
        if (isFirst != (type == FrameType.Segment))
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
                _parts.Add(new Part(uid, []));
                return true;
            case FrameType.Series or FrameType.Samples:
                ulong number = reader.Number();
                if (number >= (ulong)_parts.Count)
                    return false;
                _parts[(int)number].Frames.Add(frame);
                return true;
            default:
                throw new InvalidDataException($"{FilePath} holds a record of type {(byte)type}, which this program does not know.");
        }
    }

    internal readonly record struct Frame(FrameType Type, int Start, int Length);

    /// <summary>A partition's records in the segment.</summary>
    internal sealed record Part(TenantUid Partition, List<Frame> Frames);

    /// <summary>Memory of a segment's size: outside the collector's heap, which would keep it for long.</summary>
    private sealed unsafe class NativeBuffer(int length) : IDisposable
    {
        private void* _memory = NativeMemory.Alloc((nuint)Math.Max(length, 1));

        public int Length => length;

        public Span<byte> Span => new(_memory is null ? throw new ObjectDisposedException(nameof(NativeBuffer)) : _memory, length);

        public void Dispose()
        {
            NativeMemory.Free(_memory);
            _memory = null;
        }
    }
}
