using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Observability.Aggregator.PrometheusApi.Telemetry;

/// <summary>Counts, times and traces what is asked. Nothing of it names a query, a tenant or a caller.</summary>
internal sealed partial class PrometheusCalls
{
    internal const string MeterName = "Observability.Aggregator.PrometheusApi";
    internal const string ActivitySourceName = "Observability.Aggregator.PrometheusApi";

    private static readonly ActivitySource Source = new(ActivitySourceName);

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _time;
    private readonly ILogger<PrometheusCalls> _logger;

    public PrometheusCalls(TimeProvider time, IMeterFactory meters, ILogger<PrometheusCalls> logger)
    {
        _time = time;
        _logger = logger;
        Meter meter = meters.Create(MeterName);
        _calls = meter.CreateCounter<long>("promql.calls", description: "Calls of the Prometheus API, by surface, kind and outcome.");
        _duration = meter.CreateHistogram<double>("promql.call.duration", unit: "s", description: "From the authorised request to its answer, by surface and kind.");
    }

    /// <summary>Begins a call; disposing the result ends it.</summary>
    /// <param name="surface"><c>http</c> or <c>grpc</c>.</param>
    /// <param name="kind">What is asked for: one of few constant words.</param>
    internal PrometheusCall Begin(string surface, string kind)
    {
        Activity? activity = Source.StartActivity("promql " + kind);
        activity?.SetTag("promql.surface", surface);
        return new PrometheusCall(surface, kind, activity, _time.GetTimestamp(), End);
    }

    private void End(PrometheusCall call)
    {
        var surface = new KeyValuePair<string, object?>("surface", call.Surface);
        var kind = new KeyValuePair<string, object?>("kind", call.Kind);
        _calls.Add(1, surface, kind, new KeyValuePair<string, object?>("outcome", call.Outcome));
        _duration.Record(_time.GetElapsedTime(call.StartedAt).TotalSeconds, surface, kind);
        call.Activity?.SetTag("promql.outcome", call.Outcome);
        call.Activity?.Dispose();
        if (call.Outcome == PrometheusCall.SlowReader)
            LogSlowReader(call.Surface, call.Kind);
    }

    [LoggerMessage(EventId = 4600, Level = LogLevel.Warning, Message = "A caller of {Kind} over {Surface} did not take its answer in time and was cut off")]
    private partial void LogSlowReader(string surface, string kind);
}

/// <summary>One call under way.</summary>
internal sealed class PrometheusCall(string surface, string kind, Activity? activity, long startedAt, Action<PrometheusCall> end) : IDisposable
{
    internal const string SlowReader = "slow_reader";

    internal string Surface => surface;

    internal string Kind => kind;

    internal Activity? Activity => activity;

    internal long StartedAt => startedAt;

    /// <summary>How it ended, one of few words.</summary>
    internal string Outcome { get; set; } = "internal";

    public void Dispose() => end(this);
}
