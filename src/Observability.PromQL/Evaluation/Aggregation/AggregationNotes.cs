using Observability.PromQL.Lexing;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary>What an aggregation has to tell. Safe for concurrent use.</summary>
internal sealed class AggregationNotes
{
    private readonly AggregateExpression _expression;
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _mixedSchemas = new(StringComparer.Ordinal);
    private int _histogramIgnored, _mixed, _collision, _reconciled;

    public AggregationNotes(QueryContext query, AggregateExpression expression)
    {
        _expression = expression;
        query.AtEnd(() => Report(query.Annotations));
    }

    public void HistogramIgnored() => _histogramIgnored = 1;

    public void MixedFloatsAndHistograms() => _mixed = 1;

    public void CounterResetCollision() => _collision = 1;

    public void BoundsReconciled() => _reconciled = 1;

    public void MixedBucketSchemas(string metricName)
    {
        lock (_lock)
            _mixedSchemas.Add(metricName);
    }

    private void Report(Annotations annotations)
    {
        bool ranks = _expression.Operator is Aggregator.TopK or Aggregator.BottomK;
        PositionRange position = _expression.Operand.Position;
        if (_histogramIgnored != 0)
            annotations.Inform($"ignored histogram in {_expression.Operator.Text()} aggregation", ranks ? _expression.Position : position);
        if (_mixed != 0)
            annotations.Warn("encountered a mix of histograms and floats for aggregation", position);
        foreach (string name in _mixedSchemas)
            annotations.Warn($"vector contains a mix of histograms with exponential and custom buckets schemas for metric name {GoStrings.Quote(name)}", position);
        if (_collision != 0)
            annotations.Warn("conflicting counter resets during histogram aggregation", position);
        if (_reconciled != 0)
            annotations.Inform("mismatched custom buckets were reconciled during aggregation", position);
    }
}
