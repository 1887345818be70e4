namespace Observability.PromQL.Histograms;

/// <summary>Bounds of the exponential schemas: each bound is the one before times 2^(2^-schema), and 1 is the bound of index 0.</summary>
internal static class ExponentialBounds
{
    public const int MinSchema = -4, MaxSchema = 8;

    // Fractions in [0.5, 1) of the bounds within one power of two, by schema.
    private static readonly double[][] Fractions = [.. Enumerable.Range(0, MaxSchema + 1).Select(FractionsOf)];

    public static bool IsExponential(int schema) => schema is >= MinSchema and <= MaxSchema;

    /// <summary>The upper bound, in size, of a bucket; <see cref="double.MaxValue"/> for the last finite one.</summary>
    public static double Upper(int index, int schema)
    {
        if (schema < 0)
        {
            int power = index << -schema;
            return power == 1024 ? double.MaxValue : Math.ScaleB(1, power);
        }
        double fraction = Fractions[schema][index & ((1 << schema) - 1)];
        int exponent = (index >> schema) + 1;
        return fraction == 0.5 && exponent == 1025 ? double.MaxValue : Math.ScaleB(fraction, exponent);
    }

    /// <summary>The index that a bucket gets in a schema with fewer buckets.</summary>
    public static int Reduce(int index, int levels) => ((index - 1) >> levels) + 1;

    private static double[] FractionsOf(int schema)
    {
        int count = 1 << schema;
        double[] fractions = new double[count];
        for (int i = 0; i < count; i++)
            fractions[i] = Math.Pow(2, (double)i / count - 1);
        return fractions;
    }
}
