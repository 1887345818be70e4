using System.Buffers;
using Observability.Model;

namespace Observability.Storage.Blocks.Selection;

/// <summary>Puts two rising runs of samples that lie behind each other into one: each time once, the first run's value where both have it.</summary>
internal static class SampleMerge
{
    /// <param name="samples">Holds both runs at its end.</param>
    /// <param name="first">Where the first run begins.</param>
    /// <param name="second">Where the second begins.</param>
    public static void Merge(SampleColumns samples, int first, int second)
    {
        int length = samples.Count - first, split = second - first;
        long[] times = ArrayPool<long>.Shared.Rent(length);
        double[] values = ArrayPool<double>.Shared.Rent(length);
        samples.TimestampsMs[first..].CopyTo(times);
        samples.Values[first..].CopyTo(values);
        samples.RemoveLast(length);
        for (int a = 0, b = split; a < split || b < length;)
        {
            if (b == length || (a < split && times[a] <= times[b]))
            {
                if (b < length && times[a] == times[b])
                    b++;
                samples.Add(times[a], values[a]);
                a++;
            }
            else
            {
                samples.Add(times[b], values[b]);
                b++;
            }
        }
        ArrayPool<long>.Shared.Return(times);
        ArrayPool<double>.Shared.Return(values);
    }
}
