using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Windows;

/// <summary>Floats and histograms of a window in the order of their times.</summary>
internal ref struct MixedSamples
{
    private readonly SampleWindow _window;
    private int _float, _histogram;

    public MixedSamples(in SampleWindow window) => _window = window;

    public readonly bool HasNext => _float < _window.Times.Length || _histogram < _window.Histograms.Length;

    /// <summary>Goes on from these places.</summary>
    public void Start(int firstFloat, int firstHistogram) => (_float, _histogram) = (firstFloat, firstHistogram);

    /// <summary>Leaves out all but the last ones.</summary>
    public void SkipTo(int count)
    {
        _float = Math.Max(0, _window.Times.Length - count);
        _histogram = Math.Max(0, _window.Histograms.Length - count);
        while (_window.Times.Length - _float + _window.Histograms.Length - _histogram > count)
            Next();
    }

    public Sample Next()
    {
        bool isFloat = _histogram >= _window.Histograms.Length ||
            (_float < _window.Times.Length && _window.Times[_float] < _window.Histograms[_histogram].TimestampMs);
        if (isFloat)
        {
            int place = _float++;
            return new Sample(_window.Times[place], _window.StartTimes.IsEmpty ? 0 : _window.StartTimes[place], _window.Values[place], null);
        }
        int at = _histogram++;
        return new Sample(
            _window.Histograms[at].TimestampMs, _window.HistogramStartTimes.IsEmpty ? 0 : _window.HistogramStartTimes[at], 0, _window.Histograms[at].Histogram);
    }

    public readonly record struct Sample(long TimeMs, long StartMs, double Number, FloatHistogram? Histogram);
}
