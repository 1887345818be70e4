using System.Net.Sockets;
using Observability.Aggregator.Configuration;
using Observability.Storage;

namespace Observability.Aggregator;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.Write(HelpText.Write());
            return 0;
        }
        if (args is ["--version"])
        {
            Console.WriteLine(ProductVersion.Text);
            return 0;
        }
        if (args is ["store", .. string[] rest])
            return await StoreTools.StoreCommand.RunAsync(rest, Console.Out, Console.Error, CancellationToken.None);
        try
        {
            await using AggregatorHost host = AggregatorHost.Create(SettingsReader.Read(args));
            await host.RunAsync(CancellationToken.None);
            return Environment.ExitCode;
        }
        catch (SettingsException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
        catch (StoreDirectoryException exception)
        {
            await Console.Error.WriteLineAsync("Store:Path: " + exception.Message);
            return 1;
        }
        catch (Exception exception) when (exception.GetBaseException() is SocketException)
        {
            await Console.Error.WriteLineAsync("Listen: " + exception.Message);
            return 1;
        }
    }
}
