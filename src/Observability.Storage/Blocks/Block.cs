using Observability.Model;
using Observability.Storage.Blocks.Columns;
using Observability.Storage.Blocks.Files;

namespace Observability.Storage.Blocks;

/// <summary>
/// An open block. It is read under a lease (<see cref="TryEnter"/>, <see cref="Exit"/>); closing it waits for the leases that are out,
/// each as long as one series' read or one selection, and lets nobody in after.
/// </summary>
internal sealed class Block : IDisposable
{
    private readonly object _gate = new(); // waited on, which a Lock cannot be
    private readonly DataFile _data;
    private int _leases;
    private bool _isClosed;

    private Block(string path, BlockIndex index, DataFile data)
    {
        Path = path;
        Index = index;
        _data = data;
        Info = new BlockInfo(System.IO.Path.GetFileName(path), index.Range, index.Facts.Series, index.Facts.Samples, index.Length, index.Facts.DataBytes);
    }

    /// <summary>Its folder.</summary>
    public string Path { get; }

    public BlockInfo Info { get; }

    /// <summary>To be read under a lease.</summary>
    public BlockIndex Index { get; }

    /// <summary>True once a unit did not match its checksum.</summary>
    public bool IsCorrupt { get; private set; }

    /// <exception cref="CorruptDataException">The block is damaged, is of another partition, or a file is missing.</exception>
    public static Block Open(string path, TenantUid partition)
    {
        try
        {
            MetaFile meta = ReadMeta(path);
            BlockIndex index = BlockIndex.Open(System.IO.Path.Combine(path, BlockPaths.Index), partition);
            try
            {
                IndexFacts facts = index.Facts;
                if (meta.FromMs != facts.FromMs || meta.ToMs != facts.ToMs || meta.Series != facts.Series || meta.Samples != facts.Samples)
                    throw new CorruptDataException($"{BlockPaths.Meta} and {BlockPaths.Index} are of different blocks.");
                return new Block(path, index, new DataFile(System.IO.Path.Combine(path, BlockPaths.Data), facts.DataBytes));
            }
            catch
            {
                index.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CorruptDataException(exception.Message, exception);
        }
    }

    /// <exception cref="CorruptDataException">The file is damaged.</exception>
    public static MetaFile ReadMeta(string path) =>
        ChecksummedJson.Read(File.ReadAllBytes(System.IO.Path.Combine(path, BlockPaths.Meta)), BlockJson.Default.MetaFile);

    /// <summary>Takes a lease; false once the block is closed.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _leases++;
            return true;
        }
    }

    /// <summary>Takes a lease.</summary>
    /// <exception cref="DataRemovedException">The block is closed.</exception>
    /// <exception cref="CorruptDataException">The block is closed because it is damaged.</exception>
    public void Enter()
    {
        if (TryEnter())
            return;
        if (IsCorrupt)
            throw new CorruptDataException($"The block {Info.Id} is damaged and was set aside.");
        throw new DataRemovedException($"The block {Info.Id} was removed.");
    }

    public void Exit()
    {
        lock (_gate)
        {
            if (--_leases == 0)
                Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Under a lease.</summary>
    /// <exception cref="CorruptDataException">The unit is damaged.</exception>
    public ColumnUnit ReadUnit(int unit)
    {
        ReadOnlySpan<UnitEntry> units = Index.Units;
        if ((uint)unit >= (uint)units.Length)
            throw new CorruptDataException("A unit that the block does not have.");
        return _data.Read(units[unit]);
    }

    /// <summary>From now on nobody enters; who asks is told that the block is damaged.</summary>
    public void MarkCorrupt()
    {
        lock (_gate)
        {
            IsCorrupt = true;
            _isClosed = true;
        }
    }

    /// <summary>Lets nobody in any more, waits for those inside, and closes the files. Not to be called under a lease.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_leases > 0)
                Monitor.Wait(_gate);
        }
        Index.Dispose();
        _data.Dispose();
    }
}
