namespace Observability.Storage.Blocks.Columns;

/// <summary>What a column's first byte says in its two lowest bits.</summary>
internal enum ColumnKind
{
    /// <summary>One value, all the way.</summary>
    Constant,

    /// <summary>Whole numbers of some decimal places, by a <see cref="ColumnModel"/>.</summary>
    Numbers,

    /// <summary>Bits of doubles, each against the one before.</summary>
    Xor,
}

/// <summary>What stands before a column's residuals, as read from a unit's heads.</summary>
internal readonly record struct ColumnHead
{
    public const int SignedFlag = 0x20;

    private const int ModelShift = 2;

    public ColumnKind Kind { get; private init; }

    /// <summary>Rows.</summary>
    public int Count { get; private init; }

    /// <summary>The first value's bits (<see cref="ColumnKind.Constant"/>, <see cref="ColumnKind.Xor"/>) or number.</summary>
    public long First { get; private init; }

    public int Places { get; private init; }

    /// <summary>Bits that are 0 in every difference to the first, and not stored.</summary>
    public int Shift { get; private init; }

    public ModelledColumn Model { get; private init; }

    /// <summary>Exceptions, and where in the heads the first stands.</summary>
    public int Exceptions { get; private init; }

    public int ExceptionsAt { get; private init; }

    /// <summary>Bytes of the column's bits.</summary>
    public int BitBytes { get; private init; }

    /// <summary>Numbers in the streams.</summary>
    public int Residuals => Kind == ColumnKind.Constant ? 0 : Count - 1;

    /// <summary>Reads one head.</summary>
    /// <exception cref="CorruptDataException">It is none.</exception>
    public static ColumnHead Read(ref ByteSource heads)
    {
        int kind = heads.Byte();
        int count = heads.Varint(int.MaxValue);
        if (count == 0)
            throw new CorruptDataException("A column without rows.");
        switch ((ColumnKind)(kind & 3))
        {
            case ColumnKind.Constant:
                return new ColumnHead { Kind = ColumnKind.Constant, Count = count, First = heads.Int64() };
            case ColumnKind.Xor:
                int xorShift = ReadShift(ref heads);
                return new ColumnHead { Kind = ColumnKind.Xor, Count = count, Shift = xorShift, First = heads.Int64(), BitBytes = heads.Varint(int.MaxValue) };
            case ColumnKind.Numbers:
                var model = (ColumnModel)((kind >> ModelShift) & 7);
                int places = heads.Byte();
                int shift = ReadShift(ref heads);
                if (model > ColumnModel.MeanRate || places > DecimalScale.MaxPlaces)
                    throw new CorruptDataException("An unknown kind of column.");
                long first = heads.SignedVarint(), step = heads.SignedVarint();
                double rate = model == ColumnModel.MeanRate ? BitConverter.Int64BitsToDouble(heads.Int64()) : 0;
                int exceptions = heads.Varint(count), exceptionsAt = heads.Position;
                for (int i = 0; i < exceptions; i++)
                {
                    heads.Varint();
                    heads.Int64();
                }
                return new ColumnHead
                {
                    Kind = ColumnKind.Numbers,
                    Count = count,
                    First = first,
                    Places = places,
                    Shift = shift,
                    Model = new ModelledColumn(model, (kind & SignedFlag) != 0, 0, step, rate),
                    Exceptions = exceptions,
                    ExceptionsAt = exceptionsAt,
                    BitBytes = heads.Varint(int.MaxValue),
                };
            default:
                throw new CorruptDataException("An unknown kind of column.");
        }
    }

    private static int ReadShift(ref ByteSource heads) =>
        heads.Byte() is var shift and < 64 ? shift : throw new CorruptDataException("A shift of 64 bits or more.");
}
