using System.Runtime.InteropServices;
using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;

namespace Observability.PromQL.Evaluation.Ranges;

/// <summary>A range vector selector.</summary>
internal sealed class SelectedRange : RangeVector
{
    private readonly Selection _selection;

    public SelectedRange(StepGrid grid, long rangeMs, long offsetMs, long? fixedMs, Selection selection) : base(grid, rangeMs, offsetMs, fixedMs)
    {
        _selection = selection;
        ReachBeforeMs = selection.Anchored || selection.Smoothed ? selection.LookbackMs : 0;
        ReachBehindMs = selection.Smoothed ? selection.LookbackMs : 0;
    }

    public override int Count => _selection.Series.Count;

    public override bool Anchored => _selection.Anchored;

    public override bool Smoothed => _selection.Smoothed;

    public override bool HasUniqueNamelessLabels => Count <= 1 || _selection.HasOneName;

    public override LabelSet LabelsOf(int series) => _selection.Series[series].Labels;

    public override bool DropsName(int series) => false;

    public override void Load(int series, SeriesSamples into, Worker worker)
    {
        _selection.Read(series, into);
        if (!HasStaleMarkers(into))
            return;
        SeriesSamples raw = worker.RentSamples();
        for (int i = 0; i < into.Floats.Count; i++)
            raw.Add(into.Floats.TimestampsMs[i], into.Floats.Values[i], i < into.FloatStartsMs.Length ? into.FloatStartsMs[i] : 0);
        for (int i = 0; i < into.Histograms.Length; i++)
            raw.Add(into.Histograms[i], i < into.HistogramStartsMs.Length ? into.HistogramStartsMs[i] : 0);
        into.Clear();
        for (int i = 0; i < raw.Floats.Count; i++)
        {
            if (!StaleMarker.Is(raw.Floats.Values[i]))
                into.Add(raw.Floats.TimestampsMs[i], raw.Floats.Values[i], i < raw.FloatStartsMs.Length ? raw.FloatStartsMs[i] : 0);
        }
        for (int i = 0; i < raw.Histograms.Length; i++)
        {
            if (!StaleMarker.Is(raw.Histograms[i].Histogram.Sum))
                into.Add(raw.Histograms[i], i < raw.HistogramStartsMs.Length ? raw.HistogramStartsMs[i] : 0);
        }
        worker.Return(raw);
    }

    public override void Touch(SeriesSamples samples, long queryable) => _selection.Touch(queryable, samples);

    private static bool HasStaleMarkers(SeriesSamples samples)
    {
        if (MemoryMarshal.Cast<double, long>(samples.Floats.Values).Contains(StaleMarker.Bits))
            return true;
        foreach (HistogramPoint point in samples.Histograms)
        {
            if (StaleMarker.Is(point.Histogram.Sum))
                return true;
        }
        return false;
    }
}
