using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Observability.EndToEnd.Tests.Demo;

/// <summary>The demo's own executable, started as a person would, on free ports.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3); // a safety net for a loaded machine; the demo itself says how long it took

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("observability-demo-test-");

    private DemoProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Observability.Demo.dll"),
                "--query-port", "0", "--grpc-port", "0", "--admin-port", "0", "--ingest-port", "0", "--session", SessionFile,
            },
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public JsonElement Session { get; private set; }

    public Uri Query => new(Session.GetProperty("query").GetString()!);

    public Uri Grpc => new(Session.GetProperty("grpc").GetString()!);

    public Uri Admin => new(Session.GetProperty("admin").GetString()!);

    private string SessionFile => Path.Combine(_folder.FullName, "session.json");

    /// <summary>Starts it and returns when it has written its session, which it does once the first data is there.</summary>
    public static async Task<DemoProcess> StartAsync(params string[] arguments)
    {
        var demo = new DemoProcess(arguments);
        using var timeout = new CancellationTokenSource(StartTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!File.Exists(demo.SessionFile))
        {
            if (demo._process.HasExited || timeout.IsCancellationRequested)
            {
                string said = demo.Output;
                await demo.DisposeAsync();
                throw new InvalidOperationException($"The demo did not come up. It said:\n{said}");
            }
            await timer.WaitForNextTickAsync();
        }
        using JsonDocument session = JsonDocument.Parse(await File.ReadAllBytesAsync(demo.SessionFile));
        demo.Session = session.RootElement.Clone();
        return demo;
    }

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>A token of the session, such as <c>acme</c> or <c>operator</c>.</summary>
    public string Token(string name) => Session.GetProperty("tokens").GetProperty(name).GetString()!;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
