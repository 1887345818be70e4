using Observability.PromQL.Sources;

namespace Observability.PromQL.Evaluation;

/// <summary>The buffers of one thread of a query. Buffers are rented and given back like a stack, as operators call each other.</summary>
internal sealed class Worker
{
    private readonly Dictionary<int, Stack<StepRow>> _rows = [];
    private readonly Stack<SeriesSamples> _samples = [];

    public StepRow RentRow(int steps) => _rows.TryGetValue(steps, out Stack<StepRow>? free) && free.TryPop(out StepRow? row) ? row : new StepRow(steps);

    public void Return(StepRow row)
    {
        if (!_rows.TryGetValue(row.Values.Length, out Stack<StepRow>? free))
            _rows.Add(row.Values.Length, free = []);
        free.Push(row);
    }

    public SeriesSamples RentSamples()
    {
        SeriesSamples samples = _samples.TryPop(out SeriesSamples? free) ? free : new SeriesSamples();
        samples.Clear();
        return samples;
    }

    public void Return(SeriesSamples samples) => _samples.Push(samples);
}
