using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Observability.Kubernetes.Watching;

internal sealed class WatchMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _unreadable;

    public WatchMetrics(IMeterFactory meters, IReadOnlyList<WatchState> watches)
    {
        _meter = meters.Create("Observability.Kubernetes");
        _events = _meter.CreateCounter<long>("cluster.watch.events", "{event}", "Events and bookmarks of the API server's watches.");
        _failures = _meter.CreateCounter<long>("cluster.watch.failures", "{failure}", "Lists and watches that ended badly; each is tried again.");
        _unreadable = _meter.CreateCounter<long>("cluster.watch.unreadable_objects", "{object}", "Objects, or quantities of objects, that could not be read.");
        _meter.CreateObservableGauge(
            "cluster.watch.lag", () => watches.Select(watch => new Measurement<double>(watch.Lag.TotalSeconds, Tag(watch.Resource))),
            "s", "Time since a watch heard anything of the API server.");
        _meter.CreateObservableCounter(
            "cluster.watch.lists", () => watches.Select(watch => new Measurement<long>(watch.Status.Lists, Tag(watch.Resource))),
            "{list}", "Complete lists: the first, and one for each watch that could not be continued.");
    }

    public void Event(string resource, string type) => _events.Add(1, Tag(resource), new("type", type));

    public void Failure(string resource, WatchFailure reason) => _failures.Add(1, Tag(resource), new("reason", reason.ToString()));

    public void Unreadable(string resource) => _unreadable.Add(1, Tag(resource));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string resource) => new("resource", resource);
}
