using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Observability.Benchmarks.Pipeline;

/// <summary>One of the product's executables and what the kernel says of it.</summary>
internal sealed class MeasuredProcess : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ, the unit of /proc/PID/stat on every Linux

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    /// <param name="path">A native binary, or an assembly for <c>dotnet</c>.</param>
    /// <param name="arguments">Its command line.</param>
    public MeasuredProcess(string path, IEnumerable<string> arguments)
    {
        bool isAssembly = path.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : path) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (isAssembly)
            start.ArgumentList.Add(path);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>User and system time since its start, in seconds.</summary>
    public double CpuSeconds
    {
        get
        {
            // Behind the name in parentheses, which may hold spaces: field 3 on; 14 and 15 are the times.
            string stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>VmRSS, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Waits for what it prints.</summary>
    /// <exception cref="InvalidOperationException">It ended without.</exception>
    public async Task<Match> PrintedAsync(Regex pattern)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync())
        {
            string output;
            lock (_output)
                output = _output.ToString();
            if (pattern.Match(output) is { Success: true } match)
                return match;
            if (_process.HasExited)
                throw new InvalidOperationException($"It ended without {pattern}:\n{output}");
        }
        throw new InvalidOperationException("Not reached: the timer is disposed behind this loop.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
