using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Observability.Storage.Tests;

/// <summary>A factory whose meters' instruments are added up, so that a test sees those of its own store alone.</summary>
internal sealed class RecordedMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _sums = [];
    private readonly HashSet<string> _tags = [];
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waits = new();

    public RecordedMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter) || ReferenceEquals(instrument.Meter.Scope, this))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, _, _) =>
        {
            _counts.AddOrUpdate(instrument.Name, 1, (_, count) => count + 1);
            if (_waits.TryRemove(instrument.Name, out TaskCompletionSource? wait))
                wait.SetResult();
        });
        _listener.Start();
    }

    /// <summary>All tags seen, as name=value.</summary>
    public IReadOnlyCollection<string> Tags => _tags;

    /// <summary>The instrument's sum, or with <c>name=value</c> behind a space that of one tag.</summary>
    public long Read(string instrument)
    {
        foreach (string name in _sums.Keys.Where(name => name is "store.partitions" or "store.series" or "store.chunks.size"))
            _sums[name] = 0; // these are read anew
        _listener.RecordObservableInstruments();
        return _sums.GetValueOrDefault(instrument);
    }

    /// <summary>How often a histogram was recorded.</summary>
    public int CountOf(string histogram) => _counts.GetValueOrDefault(histogram);

    /// <summary>Completes when a histogram is recorded next.</summary>
    public Task WaitForAsync(string histogram) =>
        _waits.GetOrAdd(histogram, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Record(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = instrument.Name;
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            name += $" {tag.Key}={tag.Value}";
            _tags.Add($"{tag.Key}={tag.Value}");
        }
        _sums[name] = _sums.GetValueOrDefault(name) + value;
    }
}
