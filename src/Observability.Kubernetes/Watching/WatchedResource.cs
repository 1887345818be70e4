using System.Text.Json.Serialization.Metadata;
using Observability.Kubernetes.Objects;

namespace Observability.Kubernetes.Watching;

/// <summary>One kind of object that is watched: where it is, how it is read, and who is told. Calls come one at a time.</summary>
internal abstract class WatchedResource<TWire, TObject>
    where TWire : class, IWireObject
    where TObject : class
{
    /// <summary>The plural of the API, also the value of the <c>resource</c> label of metrics.</summary>
    public abstract string Name { get; }

    public abstract string Path { get; }

    public abstract JsonTypeInfo<WireList<TWire>> ListType { get; }

    public abstract JsonTypeInfo<WireEvent<TWire>> EventType { get; }

    /// <returns>Null for an object that lacks what makes it one.</returns>
    public abstract TObject? Map(TWire wire, ulong version);

    /// <summary>A list has begun: what was remembered to share memory between objects can go.</summary>
    public virtual void BeginList()
    {
    }

    public abstract void Replace(IReadOnlyCollection<TObject> objects, ulong version);

    public abstract void Upsert(TObject item);

    public abstract void Remove(TObject item, ulong version);

    public abstract void ObservedAt(ulong version);
}
