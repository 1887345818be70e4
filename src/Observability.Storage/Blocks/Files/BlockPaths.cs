using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Observability.Storage.Blocks.Files;

/// <summary>Names of files and folders in a partition's folder.</summary>
internal static class BlockPaths
{
    public const string Manifest = "manifest.json";
    public const string Blocks = "blocks";
    public const string Quarantine = "quarantine";
    public const string Meta = "meta.json";
    public const string Index = "index.bin";
    public const string Data = "data.bin";
    public const string DraftSuffix = ".new";

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789abcdef-");

    /// <summary>A name for a block: the start of its range, so that a listing is by time, and what makes it unique.</summary>
    public static string NewId(long fromMs) =>
        fromMs.ToString("D13", CultureInfo.InvariantCulture) + "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>False for what is no block's name, such as a path.</summary>
    public static bool IsId(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(IdCharacters);
}
