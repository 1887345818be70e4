namespace Observability.Aggregator;

internal static class Program
{
    private static int Main() => 0;
}
