using System.IO.Hashing;
using System.Security.Cryptography;
using Observability.Model;
using Observability.Storage.Blocks.Columns;
using Observability.Storage.Blocks.Files;

namespace Observability.Storage.Blocks;

/// <summary>Hashes of label sets under a secret seed: label values come from tenants, and none must be able to make two sets collide.</summary>
internal sealed class Fingerprints
{
    [ThreadStatic]
    private static ByteSink? s_key;

    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public UInt128 Of(LabelSet labels)
    {
        ByteSink key = EmptyKey();
        SeriesKey.Write(labels, key);
        return XxHash128.HashToUInt128(key.Written, _seed);
    }

    /// <summary>The same for a series of a block, without making its texts.</summary>
    public UInt128 Of(BlockIndex index, int series)
    {
        ByteSink key = EmptyKey();
        index.WriteKey(series, key);
        return XxHash128.HashToUInt128(key.Written, _seed);
    }

    private static ByteSink EmptyKey()
    {
        ByteSink key = s_key ??= new ByteSink();
        key.Clear();
        return key;
    }
}
