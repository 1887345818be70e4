using System.Diagnostics.CodeAnalysis;
using Observability.Model;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;
using Observability.Storage;
using Observability.Tenancy;
using DirectoryPod = Observability.Tenancy.DirectoryPod;

namespace Observability.Aggregator.Ingest;

/// <summary>The series that one stream has defined. One thread at a time.</summary>
internal sealed class SeriesTable(
    string node, AggregatorOptions options, MetricStore store, IngestMetrics metrics, RefusalLog refusalLog)
{
    private readonly DefinitionRules _rules = new(node, options.Ingest);
    private readonly StoredLabels _labels = new(options.Cluster, node);
    private readonly SymbolTable _symbols = new(
        maxSymbols: 4 * Math.Max(options.Ingest.MaxSeriesPerNode, 1024), maxSizeBytes: 256L * Math.Max(options.Ingest.MaxSeriesPerNode, 4096));
    private readonly BindingTable _bindings = new();
    private readonly Dictionary<uint, List<SeriesHandle>> _others = [];    // by ref: the series of those who owned its pod at another time
    private readonly Dictionary<string, PodOwnership> _pods = new(StringComparer.Ordinal);
    private uint _highestRef; // of all that were defined, those included that are not kept

    /// <summary>Takes what may be taken.</summary>
    /// <returns>Refusals, one for each series that was not.</returns>
    /// <exception cref="StreamViolationException">The message is no sequel to what the stream has sent.</exception>
    public Refusals? Define(SeriesDefinitions definitions, DirectorySnapshot directory, Action<SeriesHandle> defined)
    {
        _symbols.Append(definitions.Symbols);
        Refusals? refusals = null;
        foreach (SeriesDefinition definition in definitions.Series)
        {
            if (definition.Ref == 0 || definition.Labels.Count % 2 != 0)
                throw new StreamViolationException("A series definition is malformed.");
            if (_bindings.TryGet(definition.Ref, out _))
                throw new StreamViolationException("A series number was defined twice.");
            _highestRef = Math.Max(_highestRef, definition.Ref);
            RefusalReason? reason;
            SeriesBinding binding = default;
            if (_bindings.Count >= options.Ingest.MaxSeriesPerNode)
                reason = RefusalReason.Limit;
            else
                reason = _rules.Check(definition, _symbols, directory, out DirectoryPod? pod) ?? Bind(definition, pod, directory, out binding);
            if (reason is { } refused)
            {
                metrics.Refused(refused);
                refusalLog.Refused(node, refused);
                (refusals ??= new Refusals()).Refusals_.Add(new Refusal { Ref = definition.Ref, Reason = refused });
                // Over the limit nothing more is kept.
                if (_bindings.Count >= options.Ingest.MaxSeriesPerNode)
                    continue;
            }
            else
            {
                defined(binding.Handle!); // Bind gave no reason, so it gave a series
            }
            _bindings.Add(definition.Ref, binding);
        }
        return refusals;
    }

    /// <summary>Adds a batch's samples, each to the partition of who owned it at its time.</summary>
    /// <param name="unknownRefs">
    /// Samples of series that the stream never defined. Not those that were refused for room or whose pod is forgotten: to have all defined
    /// again would help none of them, and cost every other series of the node a gap.
    /// </param>
    public void Append(List<BatchSample> samples, DirectorySnapshot directory, WriteBatch write, out int unknownRefs)
    {
        Refresh(directory);
        unknownRefs = 0;
        int refused = 0, outsideLife = 0, overLimit = 0;
        foreach (BatchSample sample in samples)
        {
            if (!_bindings.TryGet(sample.Ref, out SeriesBinding binding))
            {
                // Numbers rise, so one up to the highest was defined once.
                if (sample.Ref > _highestRef)
                    unknownRefs++;
                else
                    refused++;
            }
            else if (binding.Handle is null)
                refused++;
            else if (binding.Pod is null)
                write.Add(binding.Handle, sample.TimestampMs, sample.Value);
            else if (!binding.Pod.TryGetOwner(sample.TimestampMs, out TenantUid owner))
                outsideLife++;
            else if (owner == binding.Handle.Partition)
                write.Add(binding.Handle, sample.TimestampMs, sample.Value);
            else if (TryResolveOther(sample.Ref, binding.Handle, owner, directory, out SeriesHandle? other))
                write.Add(other, sample.TimestampMs, sample.Value);
            else
                overLimit++;
        }
        metrics.Samples("undefined", unknownRefs);
        metrics.Samples("refused", refused);
        metrics.Samples("pod_not_there", outsideLife);
        metrics.Samples("over_limit", overLimit);
    }

    /// <summary>Ends the series that a batch names.</summary>
    public void End(IReadOnlyList<uint> staleRefs, WriteBatch write)
    {
        int ended = 0;
        foreach (uint reference in staleRefs)
        {
            if (!_bindings.TryGet(reference, out SeriesBinding binding))
                continue;
            foreach (SeriesHandle handle in Fed(reference, binding))
            {
                write.AddStale(handle);
                ended++;
            }
        }
        metrics.SeriesEnded("collector", ended);
    }

    /// <summary>
    /// Follows changes of owners: the series of pods whose owner is another now end in the old owner's partition. They stay bound to it for
    /// samples of its time; later ones go to the new owner, under definitions that the collector is asked for.
    /// </summary>
    /// <returns>The pods concerned, as UIDs.</returns>
    public IReadOnlyList<string> EndChangedOwners(DirectorySnapshot directory, WriteBatch write)
    {
        List<string> changed = [];
        foreach (PodOwnership pod in _pods.Values)
        {
            pod.Refresh(directory);
            if (pod.TakeOwnerChange())
                changed.Add(pod.Pod.Uid);
        }
        if (changed.Count == 0)
            return changed;
        int ended = 0;
        HashSet<string> uids = new(changed, StringComparer.Ordinal);
        foreach ((uint reference, SeriesBinding binding) in _bindings.All)
        {
            if (binding.Pod is not { } pod || !uids.Contains(pod.Pod.Uid))
                continue;
            foreach (SeriesHandle handle in Fed(reference, binding))
            {
                if (handle.Partition == pod.Pod.Tenant)
                    continue;
                write.AddStale(handle);
                ended++;
            }
        }
        metrics.SeriesEnded("owner_changed", ended);
        return changed;
    }

    /// <summary>Forgets pods that can no longer be resolved, and what was defined of them: a stream lasts longer than most pods.</summary>
    /// <returns>Their series, which nobody feeds any more.</returns>
    public IReadOnlyList<SeriesHandle> Forget(NodeChange change)
    {
        HashSet<PodOwnership> gone = [];
        IEnumerable<string> uids = change.RemovedPodUids;
        if (change.IsFull)
            uids = _pods.Keys.Except(change.Pods.Select(pod => pod.Uid), StringComparer.Ordinal).ToList();
        foreach (string uid in uids)
        {
            if (_pods.Remove(uid, out PodOwnership? pod))
                gone.Add(pod);
        }
        List<SeriesHandle> handles = [];
        if (gone.Count == 0)
            return handles;
        foreach ((uint reference, SeriesBinding binding) in _bindings.All.Where(one => one.Binding.Pod is { } pod && gone.Contains(pod)).ToList())
        {
            handles.AddRange(Fed(reference, binding));
            _bindings.Remove(reference);
            _others.Remove(reference);
        }
        return handles;
    }

    /// <summary>Every series that the stream feeds.</summary>
    public IEnumerable<SeriesHandle> Handles() => _bindings.All.SelectMany(one => Fed(one.Ref, one.Binding));

    private void Refresh(DirectorySnapshot directory)
    {
        foreach (PodOwnership pod in _pods.Values)
            pod.Refresh(directory);
    }

    /// <summary>All that samples of a ref go to.</summary>
    private IEnumerable<SeriesHandle> Fed(uint reference, SeriesBinding binding)
    {
        if (binding.Handle is { } own)
            yield return own;
        if (_others.TryGetValue(reference, out List<SeriesHandle>? others))
        {
            foreach (SeriesHandle other in others)
                yield return other;
        }
    }

    private RefusalReason? Bind(SeriesDefinition definition, DirectoryPod? pod, DirectorySnapshot directory, out SeriesBinding binding)
    {
        binding = default;
        PodOwnership? ownership = null;
        if (pod is not null && !_pods.TryGetValue(pod.Uid, out ownership))
        {
            ownership = new PodOwnership(pod);
            _pods.Add(pod.Uid, ownership);
        }
        ownership?.Refresh(directory);
        TenantUid owner = pod?.Tenant ?? TenantUid.System;
        LabelSet labels = _labels.Build(definition, ownership, _symbols, StoredLabels.TenantLabel(owner, directory));
        if (!TryResolve(owner, labels, out SeriesHandle? handle))
            return RefusalReason.Limit;
        binding = new SeriesBinding(handle, ownership);
        return null;
    }

    /// <summary>The series of another owner: the same labels but for whose it is.</summary>
    private bool TryResolveOther(
        uint reference, SeriesHandle own, TenantUid owner, DirectorySnapshot directory, [NotNullWhen(true)] out SeriesHandle? handle)
    {
        if (!_others.TryGetValue(reference, out List<SeriesHandle>? others))
            others = [];
        handle = others.Find(other => other.Partition == owner);
        if (handle is not null)
            return true;
        if (!TryResolve(owner, own.Labels.With(LabelNames.Tenant, StoredLabels.TenantLabel(owner, directory)), out handle))
            return false;
        others.Add(handle);
        _others[reference] = others;
        return true;
    }

    private bool TryResolve(TenantUid owner, LabelSet labels, [NotNullWhen(true)] out SeriesHandle? handle)
    {
        try
        {
            handle = store.Resolve(owner, labels);
            return true;
        }
        catch (SeriesLimitException)
        {
            handle = null;
            return false;
        }
    }
}
