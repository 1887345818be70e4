using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Observability.Model;

namespace Observability.Storage;

/// <summary>The segment that is being written. Written by one thread at a time; synced by another.</summary>
internal sealed class OpenSegment : IDisposable
{
    private readonly SafeFileHandle _file;
    private long _length;
    private long _synced;
    private bool _nameIsSynced;

    public OpenSegment(string folder, long number, long stampMs)
    {
        Number = number;
        StampMs = stampMs;
        FilePath = Path.Combine(folder, NameOf(number));
        _file = File.OpenHandle(FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    public long Number { get; }

    public long StampMs { get; }

    public string FilePath { get; }

    public SegmentEncoder Encoder { get; } = new();

    /// <summary>Bytes of complete batches.</summary>
    public long Length => Volatile.Read(ref _length);

    public static string NameOf(long number) => number.ToString("D8", CultureInfo.InvariantCulture) + ".log";

    public void Write(ReadOnlySpan<byte> batch)
    {
        RandomAccess.Write(_file, batch, _length);
        Volatile.Write(ref _length, _length + batch.Length);
    }

    /// <summary>Cuts off what an unfinished write left behind, if the disk lets it.</summary>
    public void TryCutTail()
    {
        try
        {
            RandomAccess.SetLength(_file, _length);
        }
        catch (IOException)
        {
            // A replay finds the same end by itself.
        }
    }

    /// <summary>Returns when all that was written before is on the disk.</summary>
    public void Sync()
    {
        long length = Length;
        if (length == _synced)
            return;
        RandomAccess.FlushToDisk(_file);
        if (!_nameIsSynced)
            Disk.DurableFiles.SyncDirectory(Path.GetDirectoryName(FilePath)!); // it was made of a folder and a name
        _nameIsSynced = true;
        _synced = length;
    }

    public ClosedSegment Close()
    {
        _file.Dispose();
        return new ClosedSegment(Number, StampMs, FilePath, Length, new Dictionary<TenantUid, long>(Encoder.NewestMs));
    }

    public void Dispose() => _file.Dispose();
}
