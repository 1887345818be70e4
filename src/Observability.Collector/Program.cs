using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Observability.Collector.Checking;
using Observability.Collector.Memory;
using Observability.Collector.Settings;
using Observability.Collector.Status;

namespace Observability.Collector;

internal static class Program
{
    private const int CannotListen = 1;
    private const int WrongSettings = 2;

    private static async Task<int> Main(string[] args)
    {
        if (args is ["--help" or "-h" or "help", ..])
        {
            Console.Out.Write(SettingsHelp.Text());
            return 0;
        }
        if (args is ["--version"])
        {
            Console.Out.WriteLine(CollectorVersion.Text);
            return 0;
        }
        ResidentMemory.Configure();
        if (args is ["check", ..])
            return await PageCheck.RunAsync(args[1..], Console.Out, Console.Error, CancellationToken.None);
        CollectorOptions options = SettingsReader.Read(args, Environment.GetEnvironmentVariable, out IReadOnlyList<string> errors);
        if (errors.Count > 0)
        {
            foreach (string error in errors)
                Console.Error.WriteLine(error);
            return WrongSettings;
        }
        using var loggers = new ConsoleLoggerFactory(Console.Error, options.LogLevel, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        Task keepingLow = ResidentMemory.KeepLowAsync(TimeProvider.System, stop.Token);
        try
        {
            await CollectorHost.RunAsync(options, TimeProvider.System, loggers, stop.Token);
            return 0;
        }
        catch (SocketException exception)
        {
            // Of the nodes' own connections none comes this far.
            Console.Error.WriteLine($"--listen: {options.Listen}: {exception.Message}");
            return CannotListen;
        }
        finally
        {
            await stop.CancelAsync();
            await keepingLow;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
