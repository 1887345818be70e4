namespace Observability.PromQL.Histograms;

/// <summary>A sum with its low bits kept apart (Kahan's way, as improved by Neumaier).</summary>
/// <param name="high">The sum so far.</param>
/// <param name="low">Its low bits.</param>
internal struct CompensatedSum(double high, double low = 0)
{
    public double High = high;
    public double Low = low;

    /// <summary>High and low bits together.</summary>
    public readonly double Value => double.IsInfinity(High) ? High : High + Low;

    public void Add(double value)
    {
        double sum = High + value;
        if (double.IsInfinity(sum))
            Low = 0;
        else if (Math.Abs(High) >= Math.Abs(value))
            Low += High - sum + value;
        else
            Low += value - sum + High;
        High = sum;
    }
}
