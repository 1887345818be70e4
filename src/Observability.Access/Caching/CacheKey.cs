using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Observability.Access;

/// <summary>What a decision is remembered by: an HMAC, so that neither a token nor a chosen collision is in the cache.</summary>
internal readonly record struct CacheKey(UInt128 High, UInt128 Low);

/// <summary>
/// Hashes parts under a key of this process. Every part is written behind its length, and every list behind its count, so that no two
/// different inputs are ever the same bytes.
/// </summary>
internal sealed class CacheKeyBuilder : IDisposable
{
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, ProcessKey);

    public CacheKeyBuilder Add(string part)
    {
        // UTF-16 as it is: an encoding would make unpaired surrogates alike.
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(part.AsSpan());
        Add(bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    public CacheKeyBuilder Add(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        _hash.AppendData(bytes);
        return this;
    }

    public CacheKeyBuilder Add(CallerIdentity caller)
    {
        Add(caller.Username).Add(caller.Uid).Add(caller.Groups.Length);
        foreach (string group in caller.Groups)
            Add(group);
        Add(caller.Extra.Count);
        foreach ((string key, var values) in caller.Extra.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(key).Add(values.Length);
            foreach (string value in values)
                Add(value);
        }

        return this;
    }

    public CacheKeyBuilder Add(AccessAttributes attributes) => Add(attributes.Verb).Add(attributes.Group).Add(attributes.Resource)
        .Add(attributes.Subresource).Add(attributes.Name).Add(attributes.Namespace);

    public CacheKey ToKey()
    {
        Span<byte> mac = stackalloc byte[32];
        _hash.GetHashAndReset(mac);
        return new(BinaryPrimitives.ReadUInt128LittleEndian(mac), BinaryPrimitives.ReadUInt128LittleEndian(mac[16..]));
    }

    public void Dispose() => _hash.Dispose();
}
