namespace Observability.Demo;

/// <summary>Where the run's aggregator keeps its store and its tenants: a folder that stays, or one that goes with the run.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly bool _stays;

    private DataFolder(string path, bool stays) => (Path, _stays) = (path, stays);

    public string Path { get; }

    /// <param name="kept">The folder that stays; null: a temporary one.</param>
    public static DataFolder Open(DirectoryInfo? kept) => kept is null
        ? new(Directory.CreateTempSubdirectory("observability-demo-data-").FullName, stays: false)
        : new(kept.FullName, stays: true);

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (!_stays)
            Directory.Delete(Path, recursive: true);
    }
}
