using System.Diagnostics;

namespace Observability.Aggregator.StoreTools;

/// <summary>Says now and then how far long work is: in place on a terminal, a line now and then elsewhere, nothing where the work is short.</summary>
internal sealed class ProgressLine(TextWriter output, bool isTerminal)
{
    private readonly TimeSpan _interval = isTerminal ? TimeSpan.FromSeconds(0.5) : TimeSpan.FromSeconds(10);
    private long _last = Stopwatch.GetTimestamp();
    private int _shown;

    public void Report(string text)
    {
        if (Stopwatch.GetElapsedTime(_last) < _interval)
            return;
        _last = Stopwatch.GetTimestamp();
        output.Write(isTerminal ? "\r" + text.PadRight(_shown) : text + "\n");
        _shown = text.Length;
    }

    /// <summary>Takes the line away again.</summary>
    public void End()
    {
        if (isTerminal && _shown > 0)
            output.Write("\r" + new string(' ', _shown) + "\r");
        _shown = 0;
    }
}
