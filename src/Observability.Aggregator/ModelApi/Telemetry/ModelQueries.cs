using System.Diagnostics;
using System.Diagnostics.Metrics;
using Observability.Aggregator.ModelApi.Evaluation;

namespace Observability.Aggregator.ModelApi.Telemetry;

/// <summary>Counts, times and traces the questions to the model. Nothing of it names an object, a tenant or a caller.</summary>
internal sealed class ModelQueries
{
    internal const string MeterName = "Observability.Aggregator.ModelApi";

    internal const string ActivitySourceName = "Observability.Aggregator.ModelApi";

    private static readonly ActivitySource Source = new(ActivitySourceName);

    private readonly Counter<long> _queries;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _series;
    private readonly UpDownCounter<int> _watches;
    private readonly ModelView _view;
    private readonly TimeProvider _time;

    public ModelQueries(ModelView view, TimeProvider time, IMeterFactory meters)
    {
        _view = view;
        _time = time;
        Meter meter = meters.Create(MeterName);
        _queries = meter.CreateCounter<long>("model.queries", description: "Questions to the model, by surface, kind and outcome.");
        _duration = meter.CreateHistogram<double>("model.query.duration", unit: "s", description: "From the authorised request to its answer, by surface and kind.");
        _series = meter.CreateHistogram<int>("model.query.series", unit: "{series}", description: "Stored series that one answer was computed from.");
        _watches = meter.CreateUpDownCounter<int>("model.watches", description: "Open watches.");
    }

    internal ModelView View => _view;

    /// <summary>Begins a question; disposing the result ends it.</summary>
    /// <param name="surface"><c>http</c> or <c>grpc</c>.</param>
    /// <param name="kind">What is asked for: one of few constant words.</param>
    internal ModelQuery Begin(string surface, string kind)
    {
        Activity? activity = Source.StartActivity("model " + kind);
        activity?.SetTag("model.surface", surface);
        return new ModelQuery(_view, surface, kind, activity, _time.GetTimestamp(), End);
    }

    internal void CountWatches(int change) => _watches.Add(change);

    private void End(ModelQuery query)
    {
        var surface = new KeyValuePair<string, object?>("surface", query.Surface);
        var kind = new KeyValuePair<string, object?>("kind", query.Kind);
        _queries.Add(1, surface, kind, new KeyValuePair<string, object?>("outcome", query.Outcome));
        _duration.Record(_time.GetElapsedTime(query.StartedAt).TotalSeconds, surface, kind);
        _series.Record(query.Budget.SeriesTouched, surface, kind);
        query.Activity?.SetTag("model.outcome", query.Outcome);
        query.Activity?.SetTag("model.series", query.Budget.SeriesTouched);
        query.Activity?.Dispose();
    }
}

/// <summary>One question under way.</summary>
internal sealed class ModelQuery(ModelView view, string surface, string kind, Activity? activity, long startedAt, Action<ModelQuery> end) : IDisposable
{
    internal ModelView View => view;

    internal EvaluationBudget Budget { get; } = view.Budget();

    internal string Surface => surface;

    internal string Kind => kind;

    internal Activity? Activity => activity;

    internal long StartedAt => startedAt;

    /// <summary>How it ended, one of few words.</summary>
    internal string Outcome { get; set; } = "error";

    public void Dispose() => end(this);
}
