using System.Runtime.InteropServices;

namespace Observability.Collector.Pushing;

/// <summary>A set of refs in about a bit each: refs rise by one, so those in use lie close together.</summary>
internal sealed class RefSet
{
    private const int PageBits = 12;

    private readonly Dictionary<uint, ulong[]> _pages = [];

    internal int Count { get; private set; }

    /// <returns>False where it was there.</returns>
    internal bool Add(uint reference)
    {
        ref ulong[]? page = ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, reference >> PageBits, out _);
        page ??= new ulong[(1 << PageBits) / 64];
        ref ulong word = ref page[(int)(reference >> 6) & (page.Length - 1)];
        ulong bit = 1UL << (int)(reference & 63);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        Count++;
        return true;
    }
}
