using Observability.Collector.Series;
using Observability.Model;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;

namespace Observability.Collector.Pushing;

/// <summary>What one stream was told of symbols and series. A ref is defined once, before the first batch that names it.</summary>
internal sealed class DefinitionWriter(Limits limits)
{
    // A definition is some 60 bytes, and the message's own frame has to fit as well.
    private const int MaxSeriesPerMessage = 1000;

    private readonly Dictionary<string, uint> _symbols = new(StringComparer.Ordinal);
    private readonly RefSet _defined = new();

    /// <summary>Series defined on the stream, ended ones too.</summary>
    internal int Count => _defined.Count;

    internal bool IsFull => limits.MaxSeries > 0 && _defined.Count >= limits.MaxSeries;

    /// <summary>The definitions that a batch needs and the stream lacks.</summary>
    /// <param name="batch">About to be sent.</param>
    /// <param name="table">Knows the series.</param>
    /// <param name="messages">Added to, in the order of sending.</param>
    internal void Define(ScrapeBatch batch, SeriesTable table, List<SeriesDefinitions> messages)
    {
        SeriesDefinitions? message = null;
        var reader = new BatchReader(batch, int.MaxValue);
        while (reader.TryRead(out BatchSample sample))
            Define(sample.Ref, table, ref message, messages);
        foreach (uint reference in batch.StaleRefs)
            Define(reference, table, ref message, messages);
    }

    private void Define(uint reference, SeriesTable table, ref SeriesDefinitions? message, List<SeriesDefinitions> messages)
    {
        if (!_defined.Add(reference) || table.Describe(reference) is not { } description)
            return;
        if (message is null || message.Series.Count >= MaxSeriesPerMessage)
            messages.Add(message = new SeriesDefinitions());
        Subject subject = description.Subject;
        var definition = new SeriesDefinition
        {
            Ref = reference,
            Name = Symbol(description.Family.Name, message),
            Kind = subject.Kind,
            PodUid = subject.Pod?.Uid ?? "",
            Container = subject.Kind == RowKind.Container ? subject.Container : "",
            Tenant = subject.Pod?.Tenant ?? "",
            MetricsPath = subject.Path,
        };
        foreach (Label label in description.Labels())
        {
            definition.Labels.Add(Symbol(label.Name, message));
            definition.Labels.Add(Symbol(label.Value, message));
        }
        message.Series.Add(definition);
    }

    private uint Symbol(string text, SeriesDefinitions message)
    {
        if (_symbols.TryGetValue(text, out uint index))
            return index;
        index = (uint)_symbols.Count;
        _symbols.Add(text, index);
        message.Symbols.Add(text);
        return index;
    }
}
