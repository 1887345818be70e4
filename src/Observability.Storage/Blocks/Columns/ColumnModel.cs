namespace Observability.Storage.Blocks.Columns;

/// <summary>How the next whole number of a column is foretold from those before; what is stored is by how much that was wrong.</summary>
internal enum ColumnModel
{
    /// <summary>Near one number: a gauge that is noise.</summary>
    Level,

    /// <summary>The number before, plus the column's usual step.</summary>
    Delta,

    /// <summary>The step before, again.</summary>
    DeltaOfDelta,

    /// <summary>The step before, for as long as this one took: a smooth curve that is looked at when it pleases the kubelet.</summary>
    LastRate,

    /// <summary>The column's average rate, for as long as this step took: a noisy counter.</summary>
    MeanRate,
}
