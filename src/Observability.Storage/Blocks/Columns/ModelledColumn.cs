using System.Runtime.CompilerServices;

namespace Observability.Storage.Blocks.Columns;

/// <summary>A column of whole numbers as a <see cref="ColumnModel"/> sees it: its parameters, and the way there and back, bit for bit in wrapping arithmetic.</summary>
/// <param name="Model">The model.</param>
/// <param name="IsSigned">True: errors of either sign, stored as <see cref="ZigZag"/>; false: none is negative.</param>
/// <param name="First">The first number.</param>
/// <param name="Base">What is added to each forecast; for <see cref="ColumnModel.DeltaOfDelta"/> and <see cref="ColumnModel.LastRate"/> the first step.</param>
/// <param name="RatePerMs">For <see cref="ColumnModel.MeanRate"/>.</param>
internal readonly record struct ModelledColumn(ColumnModel Model, bool IsSigned, long First, long Base, double RatePerMs)
{
    /// <summary>The errors of a model's forecasts for all numbers but the first, before base and sign.</summary>
    public static void Errors(ColumnModel model, ReadOnlySpan<long> numbers, ReadOnlySpan<long> timesMs, double ratePerMs, Span<long> errors)
    {
        errors = errors[..(numbers.Length - 1)];
        switch (model)
        {
            case ColumnModel.Level:
                for (int i = 0; i < errors.Length; i++)
                    errors[i] = numbers[i + 1] - numbers[0];
                break;
            case ColumnModel.Delta:
                for (int i = 0; i < errors.Length; i++)
                    errors[i] = numbers[i + 1] - numbers[i];
                break;
            case ColumnModel.DeltaOfDelta:
                errors[0] = 0;
                for (int i = 1; i < errors.Length; i++)
                    errors[i] = numbers[i + 1] - numbers[i] - (numbers[i] - numbers[i - 1]);
                break;
            case ColumnModel.LastRate:
                errors[0] = 0;
                for (int i = 1; i < errors.Length; i++)
                    errors[i] = numbers[i + 1] - numbers[i] - AtLastRate(numbers[i] - numbers[i - 1], Ratio(timesMs, i));
                break;
            default:
                for (int i = 0; i < errors.Length; i++)
                    errors[i] = numbers[i + 1] - numbers[i] - AtRate(ratePerMs, timesMs[i + 1] - timesMs[i]);
                break;
        }
    }

    /// <summary>The numbers from what was stored of them.</summary>
    /// <param name="residuals">One for each number but the first.</param>
    /// <param name="timesMs">The numbers' times, where the model needs them.</param>
    /// <param name="numbers">Receives one more than there are residuals.</param>
    public void Restore(ReadOnlySpan<ulong> residuals, ReadOnlySpan<long> timesMs, Span<long> numbers)
    {
        numbers = numbers[..(residuals.Length + 1)];
        numbers[0] = First;
        long number = First, step = Base;
        switch (Model)
        {
            case ColumnModel.Level:
                for (int i = 0; i < residuals.Length; i++)
                    numbers[i + 1] = First + Base + Error(residuals[i]);
                break;
            case ColumnModel.Delta:
                for (int i = 0; i < residuals.Length; i++)
                    numbers[i + 1] = number += Base + Error(residuals[i]);
                break;
            case ColumnModel.DeltaOfDelta:
                for (int i = 0; i < residuals.Length; i++)
                    numbers[i + 1] = number += step += Error(residuals[i]);
                break;
            case ColumnModel.LastRate:
                timesMs = timesMs[..numbers.Length];
                for (int i = 0; i < residuals.Length; i++)
                {
                    step = (i == 0 ? step : AtLastRate(step, Ratio(timesMs, i))) + Error(residuals[i]);
                    numbers[i + 1] = number += step;
                }
                break;
            default:
                timesMs = timesMs[..numbers.Length];
                for (int i = 0; i < residuals.Length; i++)
                    numbers[i + 1] = number += AtRate(RatePerMs, timesMs[i + 1] - timesMs[i]) + Base + Error(residuals[i]);
                break;
        }
    }

    // Multiplication, division and rounding are exact to the bit on every machine (IEEE 754), so a forecast is the same wherever it is made.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long AtRate(double ratePerMs, long elapsedMs) => (long)Math.Round(ratePerMs * elapsedMs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long AtLastRate(long step, double ratio) => (long)Math.Round(step * ratio);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Ratio(ReadOnlySpan<long> timesMs, int i) => (double)(timesMs[i + 1] - timesMs[i]) / (timesMs[i] - timesMs[i - 1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Error(ulong residual) => IsSigned ? ZigZag.Decode(residual) : (long)residual;
}
