using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Observability.EndToEnd.Tests.Processes;

/// <summary>One of the product's executables, run as an operator would run it.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="name">Of the executable's assembly, such as <c>Observability.Aggregator</c>.</param>
    /// <param name="arguments">Its command line.</param>
    public ProductProcess(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Exited += (_, _) => Signal();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get { lock (_gate) return _output.ToString(); }
    }

    /// <summary>Waits for what the process prints.</summary>
    /// <exception cref="InvalidOperationException">It ended without.</exception>
    public async Task<Match> WaitForAsync(Regex pattern, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
                more = _more.Task;
            bool ended = _process.HasExited;
            string output = Output;
            if (pattern.Match(output) is { Success: true } match)
                return match;
            if (ended)
                throw new InvalidOperationException($"It ended without {pattern}. It said:\n{output}");
            await more.WaitAsync(cancellationToken);
        }
    }

    /// <summary>SIGKILL: it gets no chance to say goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_gate)
            _output.AppendLine(line.Data);
        Signal();
    }

    private void Signal()
    {
        lock (_gate)
        {
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
