using System.CommandLine;

namespace Observability.Demo;

internal static class Program
{
    private static Task<int> Main(string[] args) =>
        DemoCommand.Create(DemoRun.RunAsync).Parse(args)
            .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
}
