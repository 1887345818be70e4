using System.Security.Cryptography;

namespace Observability.Kubernetes.Watching;

/// <summary>Waits that double, each shortened by up to half at random, so that many clients of one API server do not come back together.</summary>
internal static class RetryDelay
{
    /// <param name="failures">In a row, at least one.</param>
    /// <param name="options">The first and the longest wait.</param>
    public static TimeSpan After(int failures, ClusterOptions options)
    {
        double full = options.FirstRetry.TotalSeconds * Math.Pow(2, failures - 1);
        return TimeSpan.FromSeconds(Math.Min(full, options.LastRetry.TotalSeconds) * Between(0.5, 1));
    }

    public static double Between(double low, double high) =>
        low + ((high - low) * RandomNumberGenerator.GetInt32(1 << 20) / (1 << 20));
}
