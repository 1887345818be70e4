using System.Buffers;
using System.Numerics;

namespace Observability.Storage.Index;

/// <summary>A set of references below a bound, one bit each, in pooled memory.</summary>
internal readonly struct ReferenceSet
{
    private readonly ulong[] _bits;
    private readonly int _bound;

    public ReferenceSet(int bound)
    {
        _bound = bound;
        _bits = ArrayPool<ulong>.Shared.Rent(Math.Max(1, Words));
        _bits.AsSpan(0, Words).Clear();
    }

    private int Words => (_bound + 63) >> 6;

    public bool Contains(int reference) => (_bits[reference >> 6] >> reference & 1) != 0;

    /// <summary>False where it was there already.</summary>
    public bool Add(int reference)
    {
        ref ulong word = ref _bits[reference >> 6];
        ulong bit = 1UL << reference;
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    /// <summary>Adds a list's references as far as they are below the bound.</summary>
    public void Add(Postings postings)
    {
        foreach (int reference in postings.AsSpan())
        {
            if (reference >= _bound)
                break;
            _bits[reference >> 6] |= 1UL << reference;
        }
    }

    /// <summary>Writes the set's references, rising, and returns how many there are.</summary>
    public int CopyTo(int[] references)
    {
        int count = 0;
        for (int word = 0; word < Words; word++)
        {
            for (ulong bits = _bits[word]; bits != 0; bits &= bits - 1)
                references[count++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
        }
        return count;
    }

    /// <summary>Gives the memory back; the set must not be used afterwards.</summary>
    public void Return() => ArrayPool<ulong>.Shared.Return(_bits);
}
