using Microsoft.Extensions.Logging;

namespace Observability.Aggregator;

/// <summary>Logs and traces of the aggregator itself.</summary>
public sealed class TelemetryOptions
{
    /// <summary>URL of an OTLP receiver (gRPC). Empty: the value of OTEL_EXPORTER_OTLP_ENDPOINT, and without that no traces.</summary>
    public string OtlpEndpoint { get; set; } = "";

    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>One JSON object a line instead of plain text.</summary>
    public bool JsonLog { get; set; }
}
