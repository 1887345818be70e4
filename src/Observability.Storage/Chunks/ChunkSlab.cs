using System.Buffers.Binary;
using System.Numerics;

namespace Observability.Storage.Chunks;

/// <summary>
/// Memory for the chunks of one partition: buffers of a few sizes, four to each doubling, carved from larger blocks that the garbage
/// collector neither walks nor moves. A block whose buffers are all free is given back. Not safe on several threads.
/// </summary>
internal sealed class ChunkSlab
{
    /// <summary>What <see cref="Rent"/> never returns.</summary>
    public const uint None = 0;

    public const int SmallestSize = 32;

    private const int Classes = 24;             // 32, 40, 48, 56, 64, … 1536, 1792
    private const int SlotBits = 12;
    private const int LargestBlock = 64 * 1024; // below the size where an allocation is a large object
    private const ushort NoSlot = ushort.MaxValue;

    private readonly List<Block> _blocks = [new Block([], 0)]; // index 0 stays unused: no reference is None
    private readonly List<int> _unusedIndexes = [];
    private readonly List<int>?[] _open = new List<int>?[Classes];   // blocks with a free buffer, by class
    private readonly int[] _blocksOfClass = new int[Classes];

    /// <summary>Bytes of all blocks.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>The largest buffer there is.</summary>
    public static int LargestSize => SizeOf(Classes - 1);

    /// <summary>A buffer of at least this size, its content undefined.</summary>
    public uint Rent(int size)
    {
        int sizeClass = ClassOf(size);
        List<int> open = _open[sizeClass] ??= [];
        if (open.Count == 0)
            open.Add(AddBlock(sizeClass));
        int index = open[^1];
        Block block = _blocks[index];
        int slot;
        if (block.FirstFree != NoSlot)
        {
            slot = block.FirstFree;
            block.FirstFree = BinaryPrimitives.ReadUInt16LittleEndian(block.Bytes.AsSpan(slot * SizeOf(sizeClass)));
        }
        else
            slot = block.Untouched++;
        block.Rented++;
        if (block.IsFull)
            open.RemoveAt(open.Count - 1);
        return ((uint)index << SlotBits) | (uint)slot;
    }

    public void Return(uint buffer)
    {
        int index = (int)(buffer >> SlotBits), slot = (int)(buffer & ((1 << SlotBits) - 1));
        Block block = _blocks[index];
        List<int> open = _open[block.SizeClass]!; // Rent made it when it gave the buffer away
        if (block.IsFull)
            open.Add(index);
        BinaryPrimitives.WriteUInt16LittleEndian(block.Bytes.AsSpan(slot * SizeOf(block.SizeClass)), block.FirstFree);
        block.FirstFree = (ushort)slot;
        if (--block.Rented > 0)
            return;
        open.Remove(index);
        _blocksOfClass[block.SizeClass]--;
        AllocatedBytes -= block.Bytes.Length;
        _blocks[index] = _blocks[0];
        _unusedIndexes.Add(index);
    }

    public int Capacity(uint buffer) => SizeOf(_blocks[(int)(buffer >> SlotBits)].SizeClass);

    /// <summary>The buffer's bytes and, behind them, bytes of others that may be read where a reader reads ahead.</summary>
    public Span<byte> WithPadding(uint buffer)
    {
        Block block = _blocks[(int)(buffer >> SlotBits)];
        int size = SizeOf(block.SizeClass);
        return block.Bytes.AsSpan((int)(buffer & ((1 << SlotBits) - 1)) * size, size + XorChunk.Padding);
    }

    public Span<byte> this[uint buffer]
    {
        get
        {
            Block block = _blocks[(int)(buffer >> SlotBits)];
            int size = SizeOf(block.SizeClass);
            return block.Bytes.AsSpan((int)(buffer & ((1 << SlotBits) - 1)) * size, size);
        }
    }

    internal static int SizeOf(int sizeClass) => (SmallestSize + (SmallestSize / 4 * (sizeClass & 3))) << (sizeClass >> 2);

    internal static int ClassOf(int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        if (size <= SmallestSize)
            return 0;
        int doublings = BitOperations.Log2((uint)(size - 1)) - BitOperations.Log2(SmallestSize);
        int step = (SmallestSize / 4) << doublings;
        return (doublings << 2) + ((size - (SmallestSize << doublings) + step - 1) / step);
    }

    private int AddBlock(int sizeClass)
    {
        // Small partitions stay small: the first block of a size holds 8 buffers, each further one twice as many as the last.
        int size = SizeOf(sizeClass);
        int slots = Math.Min(8 << Math.Min(_blocksOfClass[sizeClass]++, 10), LargestBlock / size);
        var block = new Block(GC.AllocateUninitializedArray<byte>((slots * size) + XorChunk.Padding, pinned: true), sizeClass);
        AllocatedBytes += block.Bytes.Length;
        if (_unusedIndexes.Count == 0)
        {
            _blocks.Add(block);
            return _blocks.Count - 1;
        }
        int index = _unusedIndexes[^1];
        _unusedIndexes.RemoveAt(_unusedIndexes.Count - 1);
        _blocks[index] = block;
        return index;
    }

    private sealed class Block(byte[] bytes, int sizeClass)
    {
        public readonly byte[] Bytes = bytes;
        public readonly int SizeClass = sizeClass;
        public readonly int Slots = bytes.Length / SizeOf(sizeClass);
        public int Rented;
        public int Untouched;                // buffers from here on were never rented
        public ushort FirstFree = NoSlot;    // returned buffers, each naming the next in its first two bytes

        public bool IsFull => Rented == Slots;
    }
}
