using System.Diagnostics.Metrics;

namespace Observability.Storage.Blocks;

/// <summary>What the blocks of all partitions report.</summary>
internal sealed class BlockMetrics(Meter meter)
{
    private readonly Counter<long> _quarantined =
        meter.CreateCounter<long>("store.blocks.quarantined", "{block}", "Blocks that were found damaged and set aside.");
    private readonly Counter<long> _merged = meter.CreateCounter<long>("store.blocks.merged", "{block}", "Blocks that became part of a larger one.");
    private readonly Counter<long> _removed = meter.CreateCounter<long>("store.blocks.removed", "{block}", "Blocks that retention removed.");
    private readonly Counter<long> _sealed = meter.CreateCounter<long>("store.blocks.sealed.samples", "{sample}", "Samples written to blocks, merges not counted.");

    public void Quarantined() => _quarantined.Add(1);

    public void Merged(int blocks) => _merged.Add(blocks);

    public void Removed(int blocks) => _removed.Add(blocks);

    public void Sealed(long samples) => _sealed.Add(samples);
}
