using Observability.Model;

namespace Observability.Conformance.Running;

/// <summary>The tolerance of the test language: one millionth, relative.</summary>
internal static class NearlyEqual
{
    private const double Tolerance = 1e-6;
    private const double SmallestNormal = 2.2250738585072014e-308;

    public static bool Numbers(double left, double right)
    {
        if (StaleMarker.Is(left) || StaleMarker.Is(right))
            return StaleMarker.Is(left) && StaleMarker.Is(right);
        if (double.IsNaN(left) || double.IsNaN(right))
            return double.IsNaN(left) && double.IsNaN(right);
        if (left == right)
            return true;
        double difference = Math.Abs(left - right), size = Math.Abs(left) + Math.Abs(right);
        return left == 0 || right == 0 || size < SmallestNormal
            ? difference < Tolerance * SmallestNormal
            : difference / Math.Min(size, double.MaxValue) < Tolerance;
    }
}
