using Microsoft.Extensions.Logging;

namespace Observability.Collector.Status;

/// <summary>Logs a line per event: time, level, event id, message. A logger of its own, since the usual one costs megabytes in a small process.</summary>
internal sealed class ConsoleLoggerFactory(TextWriter output, LogLevel least, TimeProvider time) : ILoggerFactory
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This factory writes to the console alone.");

    public void Dispose()
    {
        // The console is not ours to close.
    }

    private void Write(LogLevel level, EventId id, string message, Exception? exception)
    {
        lock (_gate)
            output.WriteLine($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {level} {id.Id} {OneLine(message)}{(exception is null ? "" : " | " + OneLine(exception.ToString()))}");
    }

    // Text from outside must not make lines of its own.
    private static string OneLine(string text) => text.Replace('\r', ' ').Replace('\n', ' ');

    private sealed class LineLogger(ConsoleLoggerFactory factory) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= factory.Least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                factory.Write(logLevel, eventId, formatter(state, exception), exception);
        }
    }

    private LogLevel Least => least;
}
