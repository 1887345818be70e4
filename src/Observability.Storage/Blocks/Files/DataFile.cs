using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Observability.Storage.Blocks.Columns;
using ZstdSharp;

namespace Observability.Storage.Blocks.Files;

/// <summary>Reads units of <c>data.bin</c>, each against its checksum. Safe on any number of threads.</summary>
internal sealed class DataFile : IDisposable
{
    private const int MaxIdleDecompressors = 16;

    private static readonly ConcurrentQueue<Decompressor> IdleDecompressors = new();

    private readonly SafeFileHandle _file;

    /// <exception cref="CorruptDataException">The file is not as long as it should be.</exception>
    public DataFile(string path, long length)
    {
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        if (RandomAccess.GetLength(_file) == length)
            return;
        _file.Dispose();
        throw new CorruptDataException($"{path} is not {length} bytes long.");
    }

    /// <exception cref="CorruptDataException">The unit is damaged.</exception>
    public ColumnUnit Read(in UnitEntry unit)
    {
        byte[] stored = ArrayPool<byte>.Shared.Rent(unit.SizeOnDisk);
        try
        {
            Span<byte> bytes = stored.AsSpan(0, unit.SizeOnDisk);
            ReadStored(unit, bytes);
            byte[] plain = GC.AllocateUninitializedArray<byte>(unit.PlainBytes);
            if (unit.PackedBytes == unit.PlainBytes)
                bytes[..unit.PackedBytes].CopyTo(plain);
            else
                Unpack(bytes[..unit.PackedBytes], plain);
            byte[] bits = GC.AllocateUninitializedArray<byte>(unit.BitBytes + Residuals.Padding);
            bytes[unit.PackedBytes..].CopyTo(bits);
            bits.AsSpan(unit.BitBytes).Clear();
            return new ColumnUnit(plain, unit.HeadBytes, bits, unit.Columns);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    public void Dispose() => _file.Dispose();

    private void ReadStored(in UnitEntry unit, Span<byte> bytes)
    {
        for (int length = 0; length < bytes.Length;)
        {
            int read = RandomAccess.Read(_file, bytes[length..], unit.Offset + length);
            if (read == 0)
                throw new CorruptDataException("The data ends within a unit.");
            length += read;
        }
        if (Crc32C.Of(bytes) != unit.Checksum)
            throw new CorruptDataException($"The unit at {unit.Offset} does not match its checksum.");
    }

    private static void Unpack(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        if (!IdleDecompressors.TryDequeue(out Decompressor? decompressor))
            decompressor = new Decompressor();
        try
        {
            if (decompressor.Unwrap(packed, plain) != plain.Length)
                throw new CorruptDataException("A unit is shorter than it should be.");
        }
        catch (ZstdException exception)
        {
            throw new CorruptDataException("A unit cannot be decompressed.", exception);
        }
        finally
        {
            if (IdleDecompressors.Count < MaxIdleDecompressors)
                IdleDecompressors.Enqueue(decompressor);
            else
                decompressor.Dispose();
        }
    }
}
