using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>
/// Tenants and their namespaces from a JSON file, read again when its content changes:
/// <c>{"tenants": [{"name": "acme", "namespaces": ["acme-web", {"name": "acme-batch", "uid": "6c1e…"}]}]}</c>.
/// A wrong file changes nothing: what it said before goes on, and every fault is logged.
/// </summary>
public sealed partial class StaticFileProvider : ITenantProvider, IDisposable
{
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _reading = new();
    private volatile TenantFile _file;
    private byte[] _content;
    private string? _fault;

    /// <param name="path">The file.</param>
    /// <param name="pollInterval">How often it is looked at; files that are swapped by a link, as in a mounted ConfigMap, raise no event.</param>
    /// <param name="time">Drives the polling.</param>
    /// <param name="logger">Told of changes and faults.</param>
    /// <exception cref="TenantFileException">The file is wrong at the start.</exception>
    public StaticFileProvider(string path, TimeSpan pollInterval, TimeProvider time, ILogger<StaticFileProvider> logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        _path = path;
        _logger = logger;
        (_file, _content) = TenantFile.Read(path);
        _timer = time.CreateTimer(_ => Poll(), null, pollInterval, pollInterval);
    }

    public string Name => "file " + _path;

    public event EventHandler? Changed;

    public TenantName? Claim(NamespaceObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _file.Claim(value);
    }

    public void Dispose() => _timer.Dispose();

    private void Poll()
    {
        lock (_reading)
        {
            try
            {
                (TenantFile file, byte[] content) = TenantFile.Read(_path);
                _fault = null;
                if (content.AsSpan().SequenceEqual(_content))
                    return;
                _file = file;
                _content = content;
                LogRead(_path);
            }
            catch (TenantFileException exception)
            {
                // Once per fault, not once per look.
                if (exception.Message != _fault)
                    LogWrong(_path, exception.Message);
                _fault = exception.Message;
                return;
            }
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    [LoggerMessage(EventId = 3050, Level = LogLevel.Information, Message = "Tenant file {Path} was read again")]
    private partial void LogRead(string path);

    [LoggerMessage(EventId = 3051, Level = LogLevel.Error, Message = "Tenant file {Path} is left out, what it said before goes on. {Faults}")]
    private partial void LogWrong(string path, string faults);
}
