using Observability.Storage.Disk;

namespace Observability.Storage.Blocks.Files;

/// <summary>Reads and writes <c>manifest.json</c>, which alone says what is live.</summary>
internal static class Manifest
{
    public static void Write(string directory, ManifestFile manifest) =>
        DurableFiles.Replace(Path.Combine(directory, BlockPaths.Manifest), ChecksummedJson.Write(manifest, BlockJson.Default.ManifestFile));

    /// <summary>The manifest of a partition; where it is lost, one made of every whole block that no other was merged from.</summary>
    /// <param name="directory">The partition's folder.</param>
    /// <param name="onDisk">Names of the folders of its blocks.</param>
    /// <param name="loss">Why it had to be made again; null where it had not.</param>
    public static ManifestFile Read(string directory, IReadOnlyCollection<string> onDisk, out CorruptDataException? loss)
    {
        loss = null;
        try
        {
            ManifestFile manifest = ChecksummedJson.Read(
                File.ReadAllBytes(Path.Combine(directory, BlockPaths.Manifest)), BlockJson.Default.ManifestFile);
            if (manifest.Blocks.All(BlockPaths.IsId))
                return manifest;
            throw new CorruptDataException("The manifest names what is no block.");
        }
        catch (FileNotFoundException exception)
        {
            if (onDisk.Count > 0)
                loss = new CorruptDataException("There is no manifest.", exception);
        }
        catch (CorruptDataException exception)
        {
            loss = exception;
        }
        return loss is null ? new ManifestFile(long.MinValue, []) : Rebuild(Path.Combine(directory, BlockPaths.Blocks), onDisk);
    }

    private static ManifestFile Rebuild(string blocks, IReadOnlyCollection<string> onDisk)
    {
        string[] ids = [.. onDisk.Where(BlockPaths.IsId).Order(StringComparer.Ordinal)];
        var metas = new List<MetaFile>();
        foreach (string id in ids)
        {
            try
            {
                metas.Add(Block.ReadMeta(Path.Combine(blocks, id)));
            }
            catch (Exception exception) when (exception is CorruptDataException or IOException)
            {
                continue; // stays in the list: opening it sets it aside and reports it
            }
        }
        HashSet<string> merged = [.. metas.SelectMany(meta => meta.Sources)];
        long sealedToMs = metas.Select(meta => meta.ToMs).DefaultIfEmpty(long.MinValue).Max();
        return new ManifestFile(sealedToMs, [.. ids.Where(id => !merged.Contains(id))]);
    }
}
