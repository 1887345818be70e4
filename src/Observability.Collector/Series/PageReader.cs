using System.Text;
using Observability.Collector.Classification;
using Observability.Exposition;
using Observability.Model;
using Observability.Protocol.V1;

namespace Observability.Collector.Series;

/// <summary>The rows of one endpoint, page after page.</summary>
internal sealed class PageReader(SeriesTable table, FamilyList families, ScrapeEndpoint endpoint)
{
    /// <summary>Where the row goes that says whether the page is whole; no series.</summary>
    internal const int ScrapeErrorSlot = int.MaxValue;

    private readonly RowClassifier _classifier = new(families, endpoint);
    private readonly List<Label> _labels = [];
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private char[] _key = new char[256];
    private bool _isNameless;
    private bool _wasNameless;

    internal SeriesTable Table => table;

    /// <summary>The page says of itself that it lacks everything else.</summary>
    internal bool HasScrapeError { get; private set; }

    /// <summary>
    /// A pod's row came without the pod's name, as on the first page of a restarted kubelet: rows of containers that run are then missing
    /// too. Said of one page in a row at most, so that nothing lives on for names that never come.
    /// </summary>
    internal bool IsPartial => _isNameless && !_wasNameless;

    /// <summary>Rows dropped when first seen, by reason, since the start. What is passed over on later pages is not counted again.</summary>
    internal ReadOnlySpan<long> Dropped => _dropped;

    internal PageSink Begin()
    {
        HasScrapeError = false;
        (_wasNameless, _isNameless) = (_isNameless, false);
        return new PageSink(this, table.BeginPage());
    }

    internal void TakeScrapeError(double value) => HasScrapeError |= value != 0;

    internal int Define(in SeriesRow row)
    {
        RowIdentity identity = _classifier.Classify(row);
        _isNameless |= endpoint == ScrapeEndpoint.Cadvisor && identity.Kind == RowKind.Pod && identity.Pod.IsEmpty;
        if (identity.Drop != DropReason.None)
            return Drop(identity.Drop);
        Family family = identity.Family!; // set where nothing is dropped
        if (family.Role == FamilyRole.ScrapeError)
            return ScrapeErrorSlot;
        Subject subject = SubjectOf(identity);
        if (!TakeClaims(subject, identity))
            return Drop(DropReason.Contradiction);
        if (!family.IsKeptFor(subject.Kind))
            return Drop(DropReason.OtherKind);
        _labels.Clear();
        RowClassifier.ReadOwnLabels(row, _labels);
        return table.SlotOf(family, subject, _labels);
    }

    private int Drop(DropReason reason)
    {
        _dropped[(int)reason]++;
        // These may look otherwise at the next page, with the same key or because another row told more.
        return reason is DropReason.NotLabelledYet or DropReason.Contradiction ? RowSlot.AskAgain : RowSlot.Skip;
    }

    private Subject SubjectOf(in RowIdentity identity)
    {
        ReadOnlySpan<char> key = Key(identity);
        return table.FindSubject(endpoint, key) ?? table.AddSubject(new Subject(key.ToString(), endpoint, endpoint.Path())
        {
            Kind = identity.Kind,
            CgroupUid = Encoding.UTF8.GetString(identity.PodUid).Replace('_', '-'),
            Namespace = Encoding.UTF8.GetString(identity.Namespace),
            PodName = Encoding.UTF8.GetString(identity.Pod),
            Container = Encoding.UTF8.GetString(identity.Container),
            Order = table.NextSubjectOrder(),
        });
    }

    private ReadOnlySpan<char> Key(in RowIdentity identity)
    {
        int most = identity.Id.Length + identity.Namespace.Length + identity.Pod.Length + identity.Container.Length + 2;
        if (_key.Length < most)
            _key = new char[most];
        if (!identity.Id.IsEmpty || identity.Kind == RowKind.Node)
            return _key.AsSpan(0, Encoding.UTF8.GetChars(identity.Id, _key));
        int length = Encoding.UTF8.GetChars(identity.Namespace, _key);
        _key[length++] = '/'; // in none of the three names
        length += Encoding.UTF8.GetChars(identity.Pod, _key.AsSpan(length));
        _key[length++] = '/';
        length += Encoding.UTF8.GetChars(identity.Container, _key.AsSpan(length));
        return _key.AsSpan(0, length);
    }

    // Empty labels, as right after a kubelet restart, claim nothing; the first that are not empty hold.
    private bool TakeClaims(Subject subject, in RowIdentity identity)
    {
        RowKind kind = subject.HasNetwork || identity.Family!.Role == FamilyRole.Network && identity.Kind == RowKind.Sandbox ? RowKind.Sandbox : identity.Kind;
        subject.HasNetwork |= kind == RowKind.Sandbox && identity.Family!.Role == FamilyRole.Network;
        bool changed = kind != subject.Kind;
        subject.Kind = kind;
        if (!TryClaim(identity.Namespace, subject.Namespace, out string ns) ||
            !TryClaim(identity.Pod, subject.PodName, out string pod) ||
            !TryClaim(identity.Container, subject.Container, out string container))
            return false;
        changed |= container != subject.Container ||
            (subject.Pod is { } known && ((ns != subject.Namespace && ns != known.Namespace) || (pod != subject.PodName && pod != known.Name)));
        subject.Namespace = ns;
        subject.PodName = pod;
        subject.Container = container;
        if (changed)
            table.Redefine(subject);
        return true;
    }

    private static bool TryClaim(ReadOnlySpan<byte> claimed, string held, out string result)
    {
        result = held.Length == 0 && !claimed.IsEmpty ? Encoding.UTF8.GetString(claimed) : held;
        if (claimed.IsEmpty || held.Length == 0)
            return true;
        Span<byte> bytes = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(held, bytes, out int written) && claimed.SequenceEqual(bytes[..written]);
    }
}
