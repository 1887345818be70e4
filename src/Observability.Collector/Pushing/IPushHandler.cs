using Observability.Protocol.V1;

namespace Observability.Collector.Pushing;

/// <summary>What the node does with what the aggregator says on a stream. Called by one thread at a time.</summary>
internal interface IPushHandler
{
    /// <summary>Refs that a stream may have to define.</summary>
    int RefCount { get; }

    void Welcomed(Welcome welcome);

    void DirectoryChanged(DirectoryUpdate update);

    void Acknowledged(ulong sequence);

    void Refused(Refusals refusals);

    void Resync(Resync resync);

    /// <summary>The definitions that a batch needs on this stream.</summary>
    void Define(ScrapeBatch batch, DefinitionWriter writer, List<SeriesDefinitions> messages);
}
