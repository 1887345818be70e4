namespace Observability.Exposition;

/// <summary>A row of a page: its name, type and labels as offsets into the <see cref="TextArena"/>, and what the sink said.</summary>
internal struct RowEntry
{
    private const int TypeBits = 3;

    /// <summary>Name and type in one number, so that a row of the same family as the one before costs one compare.</summary>
    internal uint Family;
    internal uint LabelOffset;
    internal int Slot;

    internal RowEntry(uint nameOffset, MetricType type, uint labelOffset, int slot)
    {
        Family = (nameOffset << TypeBits) | (uint)type;
        LabelOffset = labelOffset;
        Slot = slot;
    }

    internal readonly MetricType Type => (MetricType)(Family & ((1 << TypeBits) - 1));

    internal uint NameOffset
    {
        readonly get => Family >> TypeBits;
        set => Family = (value << TypeBits) | (uint)Type;
    }

    internal readonly bool SameKey(in RowEntry other) => Family == other.Family && LabelOffset == other.LabelOffset;
}
