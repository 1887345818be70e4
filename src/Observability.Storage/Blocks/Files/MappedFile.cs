using System.IO.MemoryMappedFiles;

namespace Observability.Storage.Blocks.Files;

/// <summary>A file as memory, read only. Whoever disposes it sees to it that nobody reads any more.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    /// <exception cref="CorruptDataException">The file is empty.</exception>
    public MappedFile(string path)
    {
        // Shared for deletion: who reads a removed file goes on reading what it was.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        Length = stream.Length;
        if (Length == 0)
        {
            stream.Dispose();
            throw new CorruptDataException($"{path} is empty.");
        }
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    public long Length { get; }

    public ReadOnlySpan<byte> Slice(long offset, long length)
    {
        if (offset < 0 || length < 0 || length > int.MaxValue || offset > Length - length)
            throw new CorruptDataException("A part of the file that it does not have.");
        return new ReadOnlySpan<byte>(_start + offset, (int)length);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
