namespace Observability.Model;

/// <summary>The NaN that marks the end of a series, as in Prometheus: bits <c>0x7FF0000000000002</c>.</summary>
public static class StaleMarker
{
    public const long Bits = 0x7FF0000000000002;

    public static double Value { get; } = BitConverter.Int64BitsToDouble(Bits);

    /// <summary>Tells the marker from every other NaN, by its bits.</summary>
    public static bool Is(double value) => BitConverter.DoubleToInt64Bits(value) == Bits;
}
