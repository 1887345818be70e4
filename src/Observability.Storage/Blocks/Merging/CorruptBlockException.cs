namespace Observability.Storage.Blocks.Merging;

/// <summary>A merge came upon a damaged block.</summary>
internal sealed class CorruptBlockException(Block block, Exception inner) : Exception($"The block {block.Info.Id} is damaged.", inner)
{
    public Block Block { get; } = block;
}
