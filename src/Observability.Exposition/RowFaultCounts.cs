using System.Runtime.CompilerServices;

namespace Observability.Exposition;

/// <summary>How many lines were refused, by reason.</summary>
public struct RowFaultCounts : IEquatable<RowFaultCounts>
{
    /// <summary>All reasons but <see cref="RowFault.None"/>, in the order of their numbers.</summary>
    public static ReadOnlySpan<RowFault> Reasons => AllReasons;

    private static readonly RowFault[] AllReasons = [.. Enum.GetValues<RowFault>().Where(fault => fault != RowFault.None)];

    private Counts _counts;

    /// <summary>Refused lines with this reason.</summary>
    public readonly int this[RowFault fault] => _counts[(int)fault];

    /// <summary>All refused lines.</summary>
    public readonly int Total
    {
        get
        {
            int total = 0;
            foreach (int count in _counts) total += count;
            return total;
        }
    }

    internal void Add(RowFault fault) => _counts[(int)fault]++;

    public readonly bool Equals(RowFaultCounts other) => ((ReadOnlySpan<int>)_counts).SequenceEqual(other._counts);

    public override readonly bool Equals(object? obj) => obj is RowFaultCounts other && Equals(other);

    public override readonly int GetHashCode() => Total;

    public static bool operator ==(RowFaultCounts left, RowFaultCounts right) => left.Equals(right);

    public static bool operator !=(RowFaultCounts left, RowFaultCounts right) => !left.Equals(right);

    /// <summary>For people: <c>BadValue 2, DuplicateLabel 1</c>.</summary>
    public override readonly string ToString()
    {
        var parts = new List<string>();
        foreach (RowFault fault in Reasons)
            if (this[fault] != 0) parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{fault} {this[fault]}"));
        return string.Join(", ", parts);
    }

    [InlineArray(Length)]
    private struct Counts
    {
        internal const int Length = (int)RowFault.BlankLine + 1;
        private int _first;
    }
}
