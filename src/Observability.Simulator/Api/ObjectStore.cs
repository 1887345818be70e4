using System.Buffers;
using System.Text.Json;

namespace Observability.Simulator.Api;

/// <summary>
/// The API server's objects, each as the JSON it is served as, and the recent changes in the order of their resource versions.
/// One counter versions all resources, as etcd's does. Old changes are compacted: at most <see cref="HistoryLimit"/> are kept.
/// </summary>
internal sealed class ObjectStore
{
    private const int HistoryLimit = 20_000;

    private readonly Lock gate = new();
    private readonly Dictionary<ResourceKind, SortedDictionary<string, StoredObject>> objects = [];
    private readonly List<ObjectChange> history = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ObjectStore()
    {
        foreach (ResourceKind kind in ResourceKind.All)
            objects[kind] = new SortedDictionary<string, StoredObject>(StringComparer.Ordinal);
    }

    /// <summary>The version of the last change.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>Changes up to this version cannot be watched any more.</summary>
    public long CompactedVersion { get; private set; } = 1;

    /// <param name="identity">Where it goes and what selectors can ask of it.</param>
    /// <param name="write">Writes the object, given its new version.</param>
    public void Put(ObjectIdentity identity, Action<Utf8JsonWriter, string> write)
    {
        lock (gate)
        {
            SortedDictionary<string, StoredObject> kind = objects[identity.Kind];
            StoredObject? previous = kind.GetValueOrDefault(identity.Key);
            StoredObject current = Render(identity, write);
            kind[identity.Key] = current;
            Record(new ObjectChange(previous is null ? ChangeType.Added : ChangeType.Modified, current, previous));
        }
    }

    public void Delete(ObjectIdentity identity, Action<Utf8JsonWriter, string> write)
    {
        lock (gate)
        {
            if (objects[identity.Kind].Remove(identity.Key, out StoredObject? previous))
                Record(new ObjectChange(ChangeType.Deleted, Render(identity, write), previous));
        }
    }

    /// <summary>Objects by namespace and name, and the version that the list is of.</summary>
    public (IReadOnlyList<StoredObject> Objects, long Version) List(ResourceKind kind, ObjectSelector selector)
    {
        lock (gate)
            return ([.. objects[kind].Values.Where(selector.Matches)], Version);
    }

    public StoredObject? Find(ResourceKind kind, string? ns, string name)
    {
        lock (gate)
            return objects[kind].GetValueOrDefault(ObjectIdentity.KeyOf(ns, name));
    }

    /// <summary>Changes of one kind after a version, what to wait on for more, and the version seen.</summary>
    /// <exception cref="CompactedException">The version is too old.</exception>
    public (IReadOnlyList<ObjectChange> Changes, long Version, Task More) ChangesAfter(ResourceKind kind, long version)
    {
        lock (gate)
        {
            if (version < CompactedVersion)
                throw new CompactedException(version, CompactedVersion);

            int first = history.Count;
            while (first > 0 && history[first - 1].Object.Version > version)
                first--;

            List<ObjectChange> changes = [];
            for (int i = first; i < history.Count; i++)
            {
                if (history[i].Object.Identity.Kind == kind)
                    changes.Add(history[i]);
            }

            return (changes, Version, changed.Task);
        }
    }

    /// <summary>Forgets all changes so far; versions up to now answer 410. Watches that are behind learn of it.</summary>
    public void Compact()
    {
        lock (gate)
        {
            // As in etcd, the compaction takes a version of its own, so that "now" stays watchable and everything before is not.
            Version++;
            history.Clear();
            CompactedVersion = Version;
            Wake();
        }
    }

    private StoredObject Render(ObjectIdentity identity, Action<Utf8JsonWriter, string> write)
    {
        Version++;
        ArrayBufferWriter<byte> buffer = new(2048);
        using (Utf8JsonWriter json = new(buffer, JsonWriting.Options))
            write(json, Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new StoredObject(identity, Version, buffer.WrittenMemory);
    }

    private void Record(ObjectChange change)
    {
        history.Add(change);
        if (history.Count > HistoryLimit)
        {
            int drop = HistoryLimit / 4;
            CompactedVersion = history[drop - 1].Object.Version;
            history.RemoveRange(0, drop);
        }

        Wake();
    }

    private void Wake()
    {
        changed.TrySetResult();
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Where an object stands, and what selectors can ask of it.</summary>
internal sealed record ObjectIdentity(ResourceKind Kind, string? Namespace, string Name)
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string NodeName { get; init; } = "";

    public string Phase { get; init; } = "";

    public string Key => KeyOf(Namespace, Name);

    public static string KeyOf(string? ns, string name) => $"{ns}/{name}";
}

/// <summary>An object at one version.</summary>
internal sealed record StoredObject(ObjectIdentity Identity, long Version, ReadOnlyMemory<byte> Json);

/// <summary>One change of an object; the previous state decides what a selective watch sees.</summary>
internal sealed record ObjectChange(ChangeType Type, StoredObject Object, StoredObject? Previous);

/// <summary>What happened to an object.</summary>
internal enum ChangeType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>The version asked for is older than what is kept.</summary>
internal sealed class CompactedException(long asked, long kept) : Exception($"too old resource version: {asked} ({kept})");
