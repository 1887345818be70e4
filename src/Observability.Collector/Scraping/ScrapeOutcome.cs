namespace Observability.Collector.Scraping;

/// <summary>What one round over a node's endpoints brought.</summary>
/// <param name="Succeeded">True where every endpoint that was due answered in full.</param>
/// <param name="Rows">Rows read.</param>
/// <param name="Samples">Samples handed to the push buffer.</param>
/// <param name="Ended">Series that ended.</param>
public readonly record struct ScrapeOutcome(bool Succeeded, int Rows, int Samples, int Ended);
