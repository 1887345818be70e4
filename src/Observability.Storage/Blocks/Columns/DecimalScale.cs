namespace Observability.Storage.Blocks.Columns;

/// <summary>
/// Doubles that are decimals of a few places as whole numbers: a value is <c>number / 10^places</c>, to the bit. A counter of nanoseconds
/// that was printed in seconds becomes nanoseconds again.
/// </summary>
internal static class DecimalScale
{
    public const int MaxPlaces = 15;

    private const double Limit = 1L << 62;

    private static readonly double[] Powers = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    public static double Power(int places) => Powers[places];

    /// <summary>True when the value is a whole number of 10^-places, and which.</summary>
    public static bool TryScale(long valueBits, int places, out long number)
    {
        double value = BitConverter.Int64BitsToDouble(valueBits);
        double scaled = Math.Round(value * Powers[places]);
        number = 0;
        if (!(Math.Abs(scaled) < Limit)) // NaN as well
            return false;
        number = (long)scaled;
        return BitConverter.DoubleToInt64Bits(number / Powers[places]) == valueBits;
    }

    /// <summary>
    /// The fewest places that make whole numbers of the values, but for at most some exceptions (NaN, infinities, -0, others); -1 when
    /// there is no such number.
    /// </summary>
    public static int FindPlaces(ReadOnlySpan<long> valueBits, int maxExceptions)
    {
        int places = 0, exceptions = 0;
        foreach (long bits in valueBits)
        {
            int needed = places;
            while (needed <= MaxPlaces && !TryScale(bits, needed, out _))
                needed++;
            if (needed <= MaxPlaces)
                places = needed;
            else if (++exceptions > maxExceptions)
                return -1;
        }
        return places;
    }
}
