namespace Observability.Aggregator.Listening;

/// <summary>Put on every connection by its listener, before TLS and HTTP see a byte: nothing a client sends can change it.</summary>
/// <param name="Serves">What this listener serves.</param>
internal sealed record ListenerFeature(Listeners Serves);
