using System.Runtime.InteropServices;

namespace Observability.Exposition;

/// <summary>A growing array outside the garbage collector's heap. Pointers into it end with the next <see cref="Reserve"/>.</summary>
internal sealed unsafe class NativeArray<T> : IDisposable where T : unmanaged
{
    internal T* Items { get; private set; }

    internal int Capacity { get; private set; }

    internal long Bytes => (long)Capacity * sizeof(T);

    ~NativeArray() => Free();

    /// <summary>Makes room for as many items, keeping those that are there. New room holds anything.</summary>
    internal void Reserve(int capacity)
    {
        if (capacity <= Capacity) return;
        // A fifth more each time: pages of one target hardly differ in size, and what is reserved but not written is not resident.
        Resize((int)Math.Min(Math.Max(capacity, Capacity + ((long)Capacity / 4) + 64), int.MaxValue));
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
