using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Observability.EndToEnd.Tests.Differential;

/// <summary>A Prometheus on loopback over blocks made from a file; it scrapes nothing.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private PrometheusProcess(Process process, DirectoryInfo folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    public Uri Address { get; }

    /// <summary>Whether <c>prometheus</c> and <c>promtool</c> are installed.</summary>
    public static bool IsInstalled => Find("prometheus") is not null && Find("promtool") is not null;

    public static async Task<PrometheusProcess> StartAsync(GeneratedData data, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("observability-prometheus-");
        string metrics = Path.Combine(folder.FullName, "data.om"), blocks = Path.Combine(folder.FullName, "data");
        await using (StreamWriter text = File.CreateText(metrics))
            data.WriteOpenMetrics(text);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "prometheus.yml"), "global: {}\n", cancellationToken);
        using (Process import = Start("promtool", "tsdb", "create-blocks-from", "openmetrics", "-q", metrics, blocks))
        {
            await import.WaitForExitAsync(cancellationToken);
            if (import.ExitCode != 0)
                throw new InvalidOperationException($"promtool could not read the generated data: exit status {import.ExitCode}.");
        }

        int port = FreePort();
        var address = new Uri($"http://127.0.0.1:{port}/");
        Process process = Start("prometheus", $"--config.file={Path.Combine(folder.FullName, "prometheus.yml")}", $"--storage.tsdb.path={blocks}",
            "--storage.tsdb.retention.time=100y", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error");
        var prometheus = new PrometheusProcess(process, folder, address);
        using var http = new HttpClient { BaseAddress = address };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await IsReadyAsync(http, cancellationToken))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"Prometheus did not come up: exit status {process.ExitCode}.");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
        return prometheus;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri("-/ready", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Find(program) ?? program, arguments) { RedirectStandardOutput = false })
        ?? throw new InvalidOperationException($"{program} did not start.");

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    // Prometheus does not say which port it took, so one that was just free is given to it.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
