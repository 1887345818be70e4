using Microsoft.Win32.SafeHandles;
using Observability.Storage.Blocks.Columns;
using ZstdSharp;

namespace Observability.Storage.Blocks.Files;

/// <summary>Writes <c>data.bin</c>, a unit after the other.</summary>
internal sealed class DataFileWriter(string path) : IDisposable
{
    private const int CompressionLevel = 3;

    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    private readonly Compressor _compressor = new(CompressionLevel);
    private readonly ByteSink _plain = new();
    private readonly ByteSink _packed = new();
    private readonly List<UnitEntry> _units = [];

    public long Length { get; private set; }

    public List<UnitEntry> Units => _units;

    /// <summary>Number that the next unit gets, in the order in which they are reserved.</summary>
    public int Reserve()
    {
        _units.Add(default);
        return _units.Count - 1;
    }

    /// <summary>Writes a unit under a number that was reserved, and empties the builder.</summary>
    public void Write(int unit, UnitBuilder builder)
    {
        _plain.Clear();
        _plain.Bytes(builder.Heads.Written);
        _plain.Bytes(builder.Classes.Written);
        _packed.Clear();
        int packed = _compressor.Wrap(_plain.Written, _packed.Reserve(Compressor.GetCompressBound(_plain.Length)));
        if (packed < _plain.Length)
            _packed.Advance(packed);
        else
            _packed.Bytes(_plain.Written);
        int packedBytes = _packed.Length;
        _packed.Bytes(builder.Bits.Written);
        RandomAccess.Write(_file, _packed.Written, Length);
        _units[unit] = new UnitEntry
        {
            Offset = Length,
            PackedBytes = packedBytes,
            PlainBytes = _plain.Length,
            HeadBytes = builder.Heads.Length,
            BitBytes = builder.Bits.Length,
            Columns = builder.Columns,
            Checksum = Crc32C.Of(_packed.Written),
        };
        Length += _packed.Length;
        builder.Clear();
    }

    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void Dispose()
    {
        _compressor.Dispose();
        _file.Dispose();
    }
}
