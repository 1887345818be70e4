using System.Buffers;
using System.Text;
using Observability.Model;
using Observability.Protocol.V1;
using Observability.Tenancy;
using DirectoryPod = Observability.Tenancy.DirectoryPod;

namespace Observability.Aggregator.Ingest;

/// <summary>
/// Decides whether a stream may define a series. What a collector says is a claim: which node it is comes from its token, which pods run
/// there and whose they are from the directory. The answer is a refusal's reason, or null.
/// </summary>
internal sealed class DefinitionRules(string node, IngestOptions options)
{
    private const int MaxNameBytes = 256;
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    // Set by us, so that a row can have none of its own; id tells slices apart and is otherwise only for finding the pod.
    private static readonly HashSet<string> OwnLabels =
        new(LabelNames.Reserved.Concat([LabelNames.Job, LabelNames.Instance, LabelNames.MetricsPath]), StringComparer.Ordinal);

    public RefusalReason? Check(SeriesDefinition definition, SymbolTable symbols, DirectorySnapshot directory, out DirectoryPod? pod)
    {
        pod = null;
        return CheckShape(definition, symbols) ?? CheckLabels(definition, symbols) ?? CheckOwner(definition, symbols, directory, out pod);
    }

    private static RefusalReason? CheckShape(SeriesDefinition definition, SymbolTable symbols)
    {
        string name = symbols[definition.Name];
        bool ofPod = definition.Kind is RowKind.Pod or RowKind.Sandbox or RowKind.Container;
        bool network = name.StartsWith("container_network_", StringComparison.Ordinal);
        if (!IsName(name, colons: true))
            return RefusalReason.Invalid;
        if (!ofPod && definition.Kind is not (RowKind.Node or RowKind.Slice))
            return RefusalReason.Invalid;
        if (ofPod != definition.PodUid.Length > 0 || (definition.Kind == RowKind.Container) != definition.Container.Length > 0)
            return RefusalReason.Invalid;
        // A pod's cgroup and its sandbox differ in no label: keeping their families apart keeps their series apart.
        if ((definition.Kind == RowKind.Sandbox && !network) || (definition.Kind == RowKind.Pod && network))
            return RefusalReason.Invalid;
        // Requests, limits and capacity are told by the API server's objects, through us alone.
        return name.StartsWith("kube_", StringComparison.Ordinal) ? RefusalReason.Invalid : null;
    }

    private RefusalReason? CheckLabels(SeriesDefinition definition, SymbolTable symbols)
    {
        if (definition.Labels.Count / 2 > options.MaxLabels || Encoding.UTF8.GetByteCount(definition.Container) > options.MaxLabelValueBytes ||
            Encoding.UTF8.GetByteCount(definition.MetricsPath) > options.MaxLabelValueBytes)
            return RefusalReason.Limit;
        for (int i = 0; i < definition.Labels.Count; i += 2)
        {
            string name = symbols[definition.Labels[i]];
            if (OwnLabels.Contains(name))
                return RefusalReason.ReservedLabel;
            if (!IsName(name, colons: false) || name.StartsWith("__", StringComparison.Ordinal))
                return RefusalReason.Invalid;
            if (name == "id" && definition.Kind is not (RowKind.Node or RowKind.Slice))
                return RefusalReason.Invalid;
            if (Encoding.UTF8.GetByteCount(symbols[definition.Labels[i + 1]]) > options.MaxLabelValueBytes)
                return RefusalReason.Limit;
            for (int j = 0; j < i; j += 2)
            {
                if (string.Equals(symbols[definition.Labels[j]], name, StringComparison.Ordinal))
                    return RefusalReason.Invalid;
            }
        }
        return null;
    }

    private RefusalReason? CheckOwner(SeriesDefinition definition, SymbolTable symbols, DirectorySnapshot directory, out DirectoryPod? pod)
    {
        pod = null;
        if (definition.PodUid.Length == 0)
        {
            return definition.Tenant.Length == 0 || definition.Tenant == TenantUid.System.ToString()
                ? null
                : RefusalReason.TenantMismatch;
        }
        if (!directory.TryGetPod(definition.PodUid, out DirectoryPod? found))
            return RefusalReason.PodUnknown;
        if (!string.Equals(found.Pod.Node, node, StringComparison.Ordinal))
            return RefusalReason.PodNotOnNode;
        if (!string.Equals(definition.Tenant, found.Tenant.ToString(), StringComparison.Ordinal))
            return RefusalReason.TenantMismatch;
        // Such a pod's interfaces are the node's: they would show a tenant the traffic of its neighbours.
        if (found.Pod.HostNetwork && symbols[definition.Name].StartsWith("container_network_", StringComparison.Ordinal))
            return RefusalReason.HostNetwork;
        pod = found;
        return null;
    }

    private static bool IsName(string text, bool colons) =>
        text.Length is > 0 and <= MaxNameBytes && !char.IsAsciiDigit(text[0]) &&
        !(colons ? text.Replace(':', '_') : text).AsSpan().ContainsAnyExcept(NameCharacters);
}
