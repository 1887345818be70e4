using System.Runtime.InteropServices;

namespace Observability.Exposition;

/// <summary>A growing array outside the garbage collector's heap. Pointers into it end with the next <see cref="Reserve"/>.</summary>
internal sealed unsafe class NativeArray<T> : IDisposable where T : unmanaged
{
    private const int FirstBytes = 4096;

    internal T* Items { get; private set; }

    internal int Capacity { get; private set; }

    internal long Bytes => (long)Capacity * sizeof(T);

    ~NativeArray() => Free();

    /// <summary>Makes room for as many items, keeping those that are there. New room holds anything.</summary>
    internal void Reserve(int capacity)
    {
        if (capacity <= Capacity) return;
        // Doubled: growing copies, and touching fresh memory costs more than reading a row. What is reserved and never written is not resident.
        Resize((int)Math.Min(Math.Max(capacity, Math.Max(2L * Capacity, FirstBytes / sizeof(T))), int.MaxValue));
    }

    /// <summary>Gives memory back where so many items need less than half of it.</summary>
    internal void Trim(int count)
    {
        if (Capacity > Math.Max(2L * count, FirstBytes / sizeof(T))) Resize(count + (count / 8));
    }

    /// <summary>Sets the capacity, also downwards.</summary>
    internal void Resize(int capacity)
    {
        Items = (T*)NativeMemory.Realloc(Items, (nuint)capacity * (nuint)sizeof(T));
        Capacity = capacity;
    }

    internal void Free()
    {
        NativeMemory.Free(Items);
        Items = null;
        Capacity = 0;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }
}
