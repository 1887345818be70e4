using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Observability.Simulator.Cluster;

/// <summary>
/// Everything random in the cluster is a hash of the seed, a purpose and a key, never a draw from a shared sequence:
/// so nothing that is added or removed elsewhere can change it.
/// </summary>
internal static class Derivation
{
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static ulong Number(ulong seed, string purpose, string key) => BinaryPrimitives.ReadUInt64LittleEndian(Hash(seed, purpose, key));

    /// <returns>From 0 up to, not including, 1.</returns>
    public static double Unit(ulong seed, string purpose, string key) => (Number(seed, purpose, key) >> 11) * (1.0 / (1UL << 53));

    public static double Between(ulong seed, string purpose, string key, double from, double to) =>
        from + ((to - from) * Unit(seed, purpose, key));

    public static string Uuid(ulong seed, string purpose, string key)
    {
        Span<byte> bytes = Hash(seed, purpose, key).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture);
    }

    /// <summary>At most 64 digits.</summary>
    public static string Hex(ulong seed, string purpose, string key, int digits) =>
        Convert.ToHexStringLower(Hash(seed, purpose, key))[..digits];

    /// <summary>Letters and digits as the API server appends them to a generated name.</summary>
    public static string Suffix(ulong seed, string purpose, string key, int length)
    {
        byte[] hash = Hash(seed, purpose, key);
        return string.Create(length, hash, static (text, bytes) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = SuffixAlphabet[bytes[i] % SuffixAlphabet.Length];
        });
    }

    /// <summary>Spreads 64 bits: the output function of SplitMix64. For what is asked too often for a real hash.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static byte[] Hash(ulong seed, string purpose, string key) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\0{purpose}\0{key}")));
}
