namespace Observability.Collector;

internal static class Program
{
    private static int Main() => 0;
}
