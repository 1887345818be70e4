using Observability.Exposition;
using Observability.Model;
using Observability.Protocol.V1;

namespace Observability.Collector.Classification;

/// <summary>
/// Tells of each row of one endpoint what it speaks of and whether it is kept, from the row alone. Which pod it is comes from the
/// cgroup's path, which the kubelet makes; labels only tell sandboxes from containers.
/// </summary>
internal sealed class RowClassifier(FamilyList families, ScrapeEndpoint endpoint)
{
    // Room for the six base labels: an enumerator's spans do not outlive its next step.
    private byte[] _room = new byte[1024];

    internal RowIdentity Classify(in SeriesRow row)
    {
        Family? family = families.Find(endpoint, row.Name);
        if (family is null)
            return RowIdentity.Dropped(DropReason.UnknownFamily);
        if (row.Type != family.Type)
            return RowIdentity.Dropped(DropReason.TypeClash, family);
        BaseLabels labels = ReadBaseLabels(row);
        RowIdentity identity = endpoint == ScrapeEndpoint.Cadvisor ? OfCadvisor(family, labels) : OfResource(family, labels);
        identity.Family = family;
        identity.Id = labels.Id;
        identity.Namespace = labels.Namespace;
        identity.Pod = labels.Pod;
        identity.Container = labels.Container;
        if (identity.Drop == DropReason.None && !family.IsKeptFor(identity.Kind))
            identity.Drop = DropReason.OtherKind;
        return identity;
    }

    /// <summary>
    /// Adds the labels of a kept row that go with the series: not those that its place is made of, and those whose names only the
    /// aggregator may use under <c>exported_</c>.
    /// </summary>
    internal static void ReadOwnLabels(in SeriesRow row, List<Label> into)
    {
        foreach (LabelText label in row.Labels)
        {
            if (label.Value.IsEmpty || label.Name.StartsWith("__"u8) || IsBaseLabel(label.Name))
                continue;
            string name = System.Text.Encoding.UTF8.GetString(label.Name);
            if (IsSetByUs(name))
                name = LabelNames.ExportedPrefix + name;
            while (into.Exists(other => other.Name == name))
                name = LabelNames.ExportedPrefix + name;
            into.Add(new Label(name, System.Text.Encoding.UTF8.GetString(label.Value)));
        }
    }

    private static bool IsSetByUs(string name) =>
        LabelNames.Reserved.Contains(name) || name is LabelNames.Job or LabelNames.Instance or LabelNames.MetricsPath;

    private static RowIdentity OfCadvisor(Family family, scoped in BaseLabels labels)
    {
        if (family.Role == FamilyRole.Machine)
            return labels.Id.IsEmpty ? new RowIdentity { Kind = RowKind.Node } : RowIdentity.Dropped(DropReason.OtherKind);
        if (labels.Id.IsEmpty)
            return RowIdentity.Dropped(DropReason.NoIdentity);
        CgroupId id = CgroupId.Parse(labels.Id);
        var identity = new RowIdentity { PodUid = id.PodUid, ContainerId = id.ContainerId };
        switch (id.Level)
        {
            case CgroupLevel.Root:
                identity.Kind = RowKind.Node;
                if (family.Role == FamilyRole.Device)
                    identity.Drop = DeviceDrop(labels.Device);
                break;
            case CgroupLevel.Slice:
                identity.Kind = RowKind.Slice;
                if (!labels.Namespace.IsEmpty || !labels.Pod.IsEmpty)
                    identity.Drop = DropReason.NoIdentity; // a pod's row, but its path does not say which
                break;
            case CgroupLevel.Pod:
                identity.Kind = RowKind.Pod;
                break;
            case CgroupLevel.Container when IsSandbox(family, labels):
                identity.Kind = RowKind.Sandbox;
                break;
            case CgroupLevel.Container when labels.Container.IsEmpty:
                identity.Drop = DropReason.NotLabelledYet;
                break;
            case CgroupLevel.Container:
                identity.Kind = RowKind.Container;
                break;
            default:
                identity.Drop = DropReason.NestedCgroup;
                break;
        }
        return identity;
    }

    // containerd: no container name, but an image and an id; CRI-O: "POD". A pod label can give a sandbox a container's name, so a row of
    // the network, which containers have none of, tells as well; the series table then drops what the same cgroup says beside it.
    private static bool IsSandbox(Family family, scoped in BaseLabels labels) =>
        family.Role == FamilyRole.Network || labels.Container.SequenceEqual("POD"u8) ||
        (labels.Container.IsEmpty && (!labels.Image.IsEmpty || !labels.Name.IsEmpty));

    private static RowIdentity OfResource(Family family, scoped in BaseLabels labels)
    {
        if (labels.Namespace.IsEmpty && labels.Pod.IsEmpty && labels.Container.IsEmpty)
            return family.IsKeptFor(RowKind.Node) ? new RowIdentity { Kind = RowKind.Node } : RowIdentity.Dropped(DropReason.NoIdentity);
        if (labels.Namespace.IsEmpty || labels.Pod.IsEmpty)
            return RowIdentity.Dropped(DropReason.NoIdentity);
        return new RowIdentity { Kind = labels.Container.IsEmpty ? RowKind.Pod : RowKind.Container };
    }

    private static DropReason DeviceDrop(ReadOnlySpan<byte> device)
    {
        if (NamesPod(device))
            return DropReason.DeviceNamesPod;
        return device.StartsWith("/dev/"u8) || device.IsEmpty ? DropReason.None : DropReason.DeviceNotReal;
    }

    private static bool NamesPod(ReadOnlySpan<byte> device) =>
        device.IndexOf("/pods/"u8) >= 0 || device.IndexOf("/sandboxes/"u8) >= 0 || device.IndexOf("/containers/"u8) >= 0 ||
        device.IndexOf("kubernetes.io"u8) >= 0;

    private BaseLabels ReadBaseLabels(in SeriesRow row)
    {
        var labels = default(BaseLabels);
        int used = 0;
        if (row.LabelBytes.Length > _room.Length)
            _room = new byte[row.LabelBytes.Length]; // unescaped is never longer
        foreach (LabelText label in row.Labels)
        {
            if (label.Value.IsEmpty)
                continue;
            ReadOnlySpan<byte> name = label.Name;
            if (!IsBaseLabel(name) && !name.SequenceEqual("device"u8))
                continue;
            label.Value.CopyTo(_room.AsSpan(used));
            ReadOnlySpan<byte> value = _room.AsSpan(used, label.Value.Length);
            used += value.Length;
            if (name.SequenceEqual("id"u8))
                labels.Id = value;
            else if (name.SequenceEqual("namespace"u8))
                labels.Namespace = value;
            else if (name.SequenceEqual("pod"u8))
                labels.Pod = value;
            else if (name.SequenceEqual("container"u8))
                labels.Container = value;
            else if (name.SequenceEqual("image"u8))
                labels.Image = value;
            else if (name.SequenceEqual("name"u8))
                labels.Name = value;
            else
                labels.Device = value;
        }
        return labels;
    }

    private static bool IsBaseLabel(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("id"u8) || name.SequenceEqual("namespace"u8) || name.SequenceEqual("pod"u8) ||
        name.SequenceEqual("container"u8) || name.SequenceEqual("image"u8) || name.SequenceEqual("name"u8);

    private ref struct BaseLabels
    {
        internal ReadOnlySpan<byte> Id;
        internal ReadOnlySpan<byte> Namespace;
        internal ReadOnlySpan<byte> Pod;
        internal ReadOnlySpan<byte> Container;
        internal ReadOnlySpan<byte> Image;
        internal ReadOnlySpan<byte> Name;
        internal ReadOnlySpan<byte> Device;
    }
}
