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
    private readonly Dictionary<uint, SeriesBinding> _bindings = [];
    private readonly Dictionary<string, PodOwnership> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
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
            if (_bindings.ContainsKey(definition.Ref))
                throw new StreamViolationException("A series number was defined twice.");
            _highestRef = Math.Max(_highestRef, definition.Ref);
            RefusalReason? reason;
            SeriesBinding? binding = null;
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
                defined(binding!.Handle!); // Bind gave no reason, so it gave a binding
            }
            _bindings.Add(definition.Ref, binding ?? SeriesBinding.Refused);
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
            if (!_bindings.TryGetValue(sample.Ref, out SeriesBinding? binding))
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
            else if (owner == binding.Owner)
                write.Add(binding.Handle, sample.TimestampMs, sample.Value);
            else if (TryResolveOther(binding, owner, directory, out SeriesHandle? other))
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
            if (!_bindings.TryGetValue(reference, out SeriesBinding? binding))
                continue;
            foreach ((_, SeriesHandle handle) in binding.Fed)
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
        foreach (SeriesBinding binding in _bindings.Values)
        {
            if (binding.Pod is not { } pod || !uids.Contains(pod.Pod.Uid))
                continue;
            foreach ((TenantUid owner, SeriesHandle handle) in binding.Fed)
            {
                if (owner == pod.Pod.Tenant)
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
        foreach ((uint reference, SeriesBinding binding) in _bindings)
        {
            if (binding.Pod is not { } pod || !gone.Contains(pod))
                continue;
            _bindings.Remove(reference);
            handles.AddRange(binding.Fed.Select(fed => fed.Handle));
        }
        return handles;
    }

    /// <summary>Every series that the stream feeds.</summary>
    public IEnumerable<SeriesHandle> Handles() => _bindings.Values.SelectMany(binding => binding.Fed).Select(fed => fed.Handle);

    private void Refresh(DirectorySnapshot directory)
    {
        foreach (PodOwnership pod in _pods.Values)
            pod.Refresh(directory);
    }

    private RefusalReason? Bind(SeriesDefinition definition, DirectoryPod? pod, DirectorySnapshot directory, out SeriesBinding? binding)
    {
        binding = null;
        PodOwnership? ownership = null;
        if (pod is not null && !_pods.TryGetValue(pod.Uid, out ownership))
        {
            ownership = new PodOwnership(pod);
            _pods.Add(pod.Uid, ownership);
        }
        ownership?.Refresh(directory);
        var made = new SeriesBinding
        {
            Name = definition.Name,
            Labels = [.. definition.Labels],
            MetricsPath = Shared(definition.MetricsPath),
            Container = Shared(definition.Container),
            Pod = ownership,
        };
        TenantUid owner = pod?.Tenant ?? TenantUid.System;
        if (!TryResolve(made, owner, directory, out SeriesHandle? handle))
            return RefusalReason.Limit;
        made.Handle = handle;
        made.Owner = owner;
        binding = made;
        return null;
    }

    private bool TryResolveOther(SeriesBinding binding, TenantUid owner, DirectorySnapshot directory, [NotNullWhen(true)] out SeriesHandle? handle)
    {
        handle = binding.OtherOf(owner);
        if (handle is not null)
            return true;
        if (!TryResolve(binding, owner, directory, out handle))
            return false;
        binding.AddOther(owner, handle);
        return true;
    }

    private bool TryResolve(
        SeriesBinding binding, TenantUid owner, DirectorySnapshot directory, [NotNullWhen(true)] out SeriesHandle? handle)
    {
        try
        {
            handle = store.Resolve(owner, _labels.Build(binding, _symbols, StoredLabels.TenantLabel(owner, directory)));
            return true;
        }
        catch (SeriesLimitException)
        {
            handle = null;
            return false;
        }
    }

    // Paths and container names repeat; every definition brings a copy of its own.
    private string Shared(string text)
    {
        if (_texts.TryGetValue(text, out string? known))
            return known;
        if (_texts.Count < 4096)
            _texts.Add(text, text);
        return text;
    }
}
