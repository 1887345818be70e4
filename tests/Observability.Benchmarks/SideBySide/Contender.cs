using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Observability.Benchmarks.SideBySide;

/// <summary>One system under test, loaded and ready, as a process of its own on loopback.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private readonly Process _process;

    private Contender(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    /// <summary>Where a tenant asks, and the matcher that its queries need there.</summary>
    public required (HttpClient Client, string Matcher) Tenant { get; init; }

    /// <summary>Where the operator asks, for all tenants.</summary>
    public required HttpClient Operator { get; init; }

    /// <summary>A parameter that switches caches off, as <c>&amp;name=value</c>.</summary>
    public string Extra { get; init; } = "";

    public TimeSpan Loading { get; private init; }

    /// <summary>VmRSS of the process, in bytes.</summary>
    public long ResidentBytes => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        System.Globalization.CultureInfo.InvariantCulture);

    public static async Task<Contender> OwnAsync(string[] workload, string tenant, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(Contender).Assembly.Location);
        foreach (string argument in new[] { "side-by-side", "--serve", tenant, "--folder", folder }.Concat(workload))
            start.ArgumentList.Add(argument);
        long began = Stopwatch.GetTimestamp();
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The own server did not start.");
        string[] ready = (await process.StandardOutput.ReadLineAsync() ?? "").Split(' ');
        if (ready is not ["ready", var address, var ofOperator, var ofTenant])
            throw new InvalidOperationException($"The own server ended: {string.Join(' ', ready)}");
        return new Contender("this product", process)
        {
            Tenant = (Client(new Uri(new Uri(address), $"tenants/{tenant}/"), ofTenant), ""),
            Operator = Client(new Uri(address), ofOperator),
            Loading = Stopwatch.GetElapsedTime(began),
        };
    }

    public static async Task<Contender> PrometheusAsync(Workload workload, string tenant, string folder)
    {
        Directory.CreateDirectory(folder);
        string configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, "global: {}\n");
        int port = FreePort();
        return await RemoteWrittenAsync("Prometheus", port, "-/ready", "", workload, tenant, "prometheus",
            $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", "--storage.tsdb.retention.time=100y",
            $"--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver", "--log.level=error");
    }

    public static async Task<Contender> VictoriaMetricsAsync(Workload workload, string tenant, string folder)
    {
        int port = FreePort();
        Contender contender = await RemoteWrittenAsync("VictoriaMetrics", port, "health", "&nocache=1", workload, tenant, "victoria-metrics",
            $"-storageDataPath={folder}", "-retentionPeriod=120", $"-httpListenAddr=127.0.0.1:{port}", "-search.latencyOffset=0s", "-search.disableCache",
            "-search.maxUniqueTimeseries=10000000", "-search.maxSamplesPerQuery=10000000000", "-loggerLevel=ERROR");
        using HttpResponseMessage flushed = await contender.Operator.GetAsync(new Uri("internal/force_flush", UriKind.Relative));
        flushed.EnsureSuccessStatusCode();
        return contender;
    }

    public async ValueTask DisposeAsync()
    {
        Tenant.Client.Dispose();
        Operator.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<Contender> RemoteWrittenAsync(
        string name, int port, string readiness, string extra, Workload workload, string tenant, string program, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments)) ?? throw new InvalidOperationException($"{program} did not start.");
        HttpClient client = Client(new Uri($"http://127.0.0.1:{port}/"), token: null);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await IsReadyAsync(client, readiness))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{program} ended: exit status {process.ExitCode}.");
            await timer.WaitForNextTickAsync();
        }
        long began = Stopwatch.GetTimestamp();
        await new RemoteWriter(client).WriteAsync(workload, CancellationToken.None);
        return new Contender(name, process)
        {
            Tenant = (Client(client.BaseAddress!, token: null), $"tenant=\"{tenant}\""), // given by Client above
            Operator = client,
            Extra = extra,
            Loading = Stopwatch.GetElapsedTime(began),
        };
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, string path)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    private static HttpClient Client(Uri address, string? token)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
