using System.Numerics;

namespace Observability.Storage.Blocks.Columns;

/// <summary>Finds the model that stores a column of whole numbers in the fewest bits, by trying each. For one thread.</summary>
internal sealed class ModelChooser
{
    private const int Classes = 65;
    private const int SampledErrors = 31;

    private static readonly float[] EntropyTerms = MakeEntropyTerms();

    private long[] _errors = [];
    private ulong[] _trial = [];
    private ulong[] _best = [];

    /// <summary>What to store for each number but the first; good until the next choice.</summary>
    public ReadOnlySpan<ulong> Residuals => _best.AsSpan(0, Count);

    private int Count { get; set; }

    /// <param name="numbers">At least two.</param>
    /// <param name="timesMs">Their times, strictly rising; empty where no model may use them.</param>
    public ModelledColumn Choose(ReadOnlySpan<long> numbers, ReadOnlySpan<long> timesMs)
    {
        Count = numbers.Length - 1;
        if (_errors.Length < Count)
        {
            _errors = new long[Count];
            _trial = new ulong[Count];
            _best = new ulong[Count];
        }
        double ratePerMs = timesMs.IsEmpty ? 0 : ((double)numbers[^1] - numbers[0]) / (timesMs[^1] - timesMs[0]);
        ColumnModel last = timesMs.IsEmpty ? ColumnModel.DeltaOfDelta : ColumnModel.MeanRate;
        ModelledColumn best = default;
        float bestBits = float.MaxValue;
        for (ColumnModel model = ColumnModel.Level; model <= last; model++)
        {
            Span<long> errors = _errors.AsSpan(0, Count);
            ModelledColumn.Errors(model, numbers, timesMs, ratePerMs, errors);
            double rate = model == ColumnModel.MeanRate ? ratePerMs : 0;
            if (model is ColumnModel.DeltaOfDelta or ColumnModel.LastRate)
                Try(new ModelledColumn(model, true, numbers[0], numbers[1] - numbers[0], 0), 0, errors, ref best, ref bestBits);
            else
            {
                long least = Least(errors), middle = Middle(errors);
                Try(new ModelledColumn(model, false, numbers[0], least, rate), least, errors, ref best, ref bestBits);
                Try(new ModelledColumn(model, true, numbers[0], middle, rate), middle, errors, ref best, ref bestBits);
            }
        }
        return best;
    }

    private void Try(ModelledColumn column, long subtract, ReadOnlySpan<long> errors, ref ModelledColumn best, ref float bestBits)
    {
        Span<ulong> trial = _trial.AsSpan(0, errors.Length);
        Span<int> counts = stackalloc int[Classes];
        counts.Clear();
        long rawBits = 0;
        for (int i = 0; i < errors.Length; i++)
        {
            long error = errors[i] - subtract;
            ulong residual = column.IsSigned ? ZigZag.Encode(error) : (ulong)error;
            trial[i] = residual;
            int width = 64 - BitOperations.LeadingZeroCount(residual);
            counts[width]++;
            rawBits += width;
        }
        rawBits -= errors.Length - counts[0]; // the leading one of each is not stored
        float bits = rawBits + EntropyBits(counts, errors.Length);
        if (bits < bestBits)
        {
            bestBits = bits;
            best = column;
            (_trial, _best) = (_best, _trial);
        }
    }

    /// <summary>Bits that an ideal coder needs for classes drawn with these counts.</summary>
    private static float EntropyBits(ReadOnlySpan<int> counts, int total)
    {
        float bits = Term(total);
        foreach (int count in counts)
        {
            if (count > 0)
                bits -= Term(count);
        }
        return bits;
    }

    private static float Term(int count) => count < EntropyTerms.Length ? EntropyTerms[count] : count * MathF.Log2(count);

    private static float[] MakeEntropyTerms()
    {
        var terms = new float[4096];
        for (int i = 1; i < terms.Length; i++)
            terms[i] = i * MathF.Log2(i);
        return terms;
    }

    private static long Least(ReadOnlySpan<long> errors)
    {
        long least = long.MaxValue;
        foreach (long error in errors)
            least = Math.Min(least, error);
        return least;
    }

    /// <summary>About the median: that of some of them, spread evenly.</summary>
    private static long Middle(ReadOnlySpan<long> errors)
    {
        Span<long> some = stackalloc long[SampledErrors];
        int count = Math.Min(SampledErrors, errors.Length);
        for (int i = 0; i < count; i++)
            some[i] = errors[(int)((long)i * errors.Length / count)];
        some = some[..count];
        some.Sort();
        return some[count / 2];
    }
}
