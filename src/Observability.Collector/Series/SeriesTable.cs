using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Observability.Collector.Classification;
using Observability.Collector.Directory;
using Observability.Exposition;
using Observability.Model;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;

namespace Observability.Collector.Series;

/// <summary>
/// The series of one node. A page's samples land in arrays by slot, at the cost of a store each; <see cref="EndPage"/> then decides
/// what is sent, what is held until the directory knows the pod, and what ended. Not for two threads at a time.
/// </summary>
internal sealed class SeriesTable
{
    /// <summary>How long samples of a pod that the directory does not have are held.</summary>
    internal const long HoldMs = 60_000;

    /// <summary>How long series live on while their endpoint cannot be scraped.</summary>
    internal const long FailedForMs = 5 * 60_000;

    /// <summary>A sample further from its scrape than this has a broken clock (the kubelet once stamped start times so).</summary>
    private const long MaxDistanceMs = 3_600_000;

    private readonly Dictionary<string, Subject>[] _subjects =
        [.. Enumerable.Range(0, ScrapeEndpoints.Count).Select(_ => new Dictionary<string, Subject>(StringComparer.Ordinal))];
    private readonly SlotIndex _slots;
    private readonly SlotIndex _refs;
    private readonly Dictionary<uint, RetiredSeries> _retired = [];
    private readonly Dictionary<SubjectName, Subject> _newest = [];
    private readonly LabelLists _labels = new();
    private readonly HeldSamples _held = new();
    private readonly Queue<(int Slot, int Page)> _free = [];
    private readonly List<uint> _renewed = [];
    private readonly long[] _lastGoodMs = new long[ScrapeEndpoints.Count];
    private readonly NodeDirectory _directory;
    private Reading[] _readings = new Reading[1024];
    private SlotInfo[] _infos = new SlotInfo[1024];
    private Limits _limits = new();
    private int _count;
    private int _page;
    private uint _lastRef;
    private long _subjectOrder;

    internal SeriesTable(NodeDirectory directory)
    {
        _directory = directory;
        _slots = new SlotIndex(slot => HashOf(_infos[slot].Family, _infos[slot].Subject!, _infos[slot].Labels)); // an indexed slot is in use
        _refs = new SlotIndex(slot => HashOf(_infos[slot].Ref));
    }

    /// <summary>Series that have a slot.</summary>
    internal int Count => _slots.Count;

    internal int HeldCount => _held.Count;

    /// <summary>Refs that a stream may have to define: those in use, and those that unacknowledged batches still name.</summary>
    internal int RefCount => _refs.Count + _retired.Count;

    /// <returns>The page's number, to be given to <see cref="Sample"/>.</returns>
    internal int BeginPage() => ++_page;

    internal Subject? FindSubject(ScrapeEndpoint endpoint, ReadOnlySpan<char> key) =>
        _subjects[(int)endpoint].GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out Subject? subject) ? subject : null;

    /// <summary>Adds what a row speaks of, and finds its pod if the directory has it.</summary>
    internal Subject AddSubject(Subject subject)
    {
        _subjects[(int)subject.Endpoint].Add(subject.Key, subject);
        Resolve(subject);
        return subject;
    }

    internal long NextSubjectOrder() => ++_subjectOrder;

    /// <summary>Finds or makes a series.</summary>
    internal int SlotOf(Family family, Subject subject, List<Label> labels)
    {
        Label[] own = _labels.Use(labels);
        uint hash = HashOf(family, subject, own);
        for (int known = _slots.First(hash); known >= 0; known = _slots.Next(known))
        {
            ref readonly SlotInfo info = ref _infos[known];
            if (info.Family.Index != family.Index || info.Subject != subject || info.Labels != own)
                continue;
            _labels.Release(own);
            return known;
        }
        int slot = TakeSlot();
        _infos[slot] = new SlotInfo { Family = family, Subject = subject, Labels = own, Ref = ++_lastRef, LastSentMs = long.MinValue };
        _readings[slot] = default;
        _slots.Add(hash, slot);
        _refs.Add(HashOf(_lastRef), slot);
        subject.Slots++;
        return slot;
    }

    /// <summary>Takes a sample of the page: the hot path.</summary>
    internal void Sample(int slot, int page, double value, long timestampMs)
    {
        ref Reading reading = ref _readings[slot];
        reading.Value = value;
        reading.TimestampMs = timestampMs;
        reading.Page = page;
    }

    /// <summary>Gives the subject's series new refs, since what they mean changed.</summary>
    internal void Redefine(Subject subject)
    {
        for (int slot = 0; slot < _count; slot++)
            if (_infos[slot].Subject == subject)
                Renew(slot);
    }

    /// <inheritdoc cref="Redefine(Subject)"/>
    /// <param name="podUids">The pods whose series are meant; empty: all series.</param>
    internal void Redefine(IReadOnlyCollection<string> podUids)
    {
        for (int slot = 0; slot < _count; slot++)
            if (_infos[slot].Subject is { } subject && (podUids.Count == 0 || (subject.Pod is { } pod && podUids.Contains(pod.Uid))))
                Renew(slot);
    }

    /// <summary>The aggregator does not take the series: it is not sent until its pod changes in the directory, or there is another stream.</summary>
    /// <param name="reference">Its ref.</param>
    /// <param name="retryMs">When it is tried again all the same; <see cref="long.MaxValue"/>: never.</param>
    internal void Refuse(uint reference, long retryMs)
    {
        if (TryFindRef(reference, out int slot))
            _infos[slot].RefusedUntilMs = retryMs;
    }

    /// <summary>On a new stream everything is defined again, and judged again.</summary>
    /// <param name="limits">The stream's.</param>
    internal void ForgetRefusals(Limits limits)
    {
        _limits = limits;
        foreach (ref SlotInfo info in _infos.AsSpan(0, _count))
        {
            info.RefusedUntilMs = 0;
            info.Size = SizeCheck.Due;
        }
    }

    /// <summary>What a ref stands for; null where nothing needs it any more.</summary>
    internal SeriesDescription? Describe(uint reference)
    {
        if (TryFindRef(reference, out int slot))
            return new SeriesDescription(_infos[slot].Family, _infos[slot].Subject!, _infos[slot].Labels); // a ref's slot is in use
        return _retired.TryGetValue(reference, out RetiredSeries? retired) ? retired.Description : null;
    }

    /// <summary>Ends a good page: fills the output with what there is to send.</summary>
    /// <param name="endpoint">Whose page it was.</param>
    /// <param name="page">Its number.</param>
    /// <param name="scrapeMs">The time of samples without one.</param>
    /// <param name="output">Added to.</param>
    /// <param name="isPartial">What is missing on the page has not ended, unless something else came in its place.</param>
    internal void EndPage(ScrapeEndpoint endpoint, int page, long scrapeMs, PageOutput output, bool isPartial = false)
    {
        _lastGoodMs[(int)endpoint] = scrapeMs;
        FindNewest(endpoint, page);
        for (int slot = 0; slot < _count; slot++)
        {
            ref readonly SlotInfo info = ref _infos[slot];
            if (info.Subject is null || info.Family.Endpoint != endpoint)
                continue;
            if (_readings[slot].Page == page)
                Judge(slot, scrapeMs, output);
            else if (!isPartial || (info.Subject.Name is { } name && _newest.TryGetValue(name, out Subject? newest) && newest != info.Subject))
                End(slot, output);
        }
        output.Ended.AddRange(_renewed);
        _renewed.Clear();
        _held.Expire(scrapeMs - HoldMs, this, output);
    }

    /// <summary>A page could not be read: nothing ends, unless that has been so for <see cref="FailedForMs"/>.</summary>
    internal void FailPage(ScrapeEndpoint endpoint, long scrapeMs, PageOutput output)
    {
        ref long lastGoodMs = ref _lastGoodMs[(int)endpoint];
        if (lastGoodMs == 0 || scrapeMs - lastGoodMs < FailedForMs)
            return;
        lastGoodMs = 0;
        foreach (ref SlotInfo info in _infos.AsSpan(0, _count))
            if (info.Subject is not null && info.Family.Endpoint == endpoint)
                Stop(ref info, output);
    }

    /// <summary>After the directory changed: finds the pods that were missing, frees what was held for them, and redefines what changed owner.</summary>
    internal void DirectoryChanged(PageOutput output)
    {
        foreach (Dictionary<string, Subject> subjects in _subjects)
            foreach (Subject subject in subjects.Values)
                Resolve(subject);
        _held.Release(this, output);
    }

    /// <summary>The batches made so far end with this sequence: what is retired is needed until that is acknowledged.</summary>
    internal void Seal(ulong sequence)
    {
        foreach (RetiredSeries retired in _retired.Values)
            if (retired is { LastSequence: ulong.MaxValue, Held: 0 })
                retired.LastSequence = sequence;
    }

    /// <summary>All batches up to this one are stored.</summary>
    internal void Acknowledged(ulong sequence)
    {
        foreach ((uint reference, RetiredSeries retired) in _retired)
            if (retired.LastSequence <= sequence)
                _retired.Remove(reference);
    }

    /// <summary>Whether the directory has the pod of a series, which may have ended meanwhile.</summary>
    internal bool IsResolved(uint reference)
    {
        if (Describe(reference)?.Subject is not { } subject)
            return false;
        if (!subject.IsResolved)
            Resolve(subject);
        return subject.IsResolved;
    }

    /// <summary>A held sample is let go: sent where its pod is known now, else given up.</summary>
    internal void Release(in BatchSample sample, PageOutput output)
    {
        SeriesDescription? description = Describe(sample.Ref);
        DropReason drop = description is null || !description.Subject.IsResolved ? DropReason.Unresolved
            : IsHostNetwork(description.Family, description.Subject) ? DropReason.HostNetwork
            : description.IsOver(_limits) ? DropReason.OverLimit
            : DropReason.None;
        if (drop == DropReason.None)
            output.Samples.Add(sample);
        else
            output.Drop(drop);
        if (TryFindRef(sample.Ref, out int slot))
        {
            _infos[slot].Held--;
            _infos[slot].Started |= drop == DropReason.None;
        }
        else if (_retired.TryGetValue(sample.Ref, out RetiredSeries? retired) && --retired.Held == 0 && drop == DropReason.None)
        {
            output.EndedAfter.Add(sample.Ref);
        }
    }

    // Of the subjects on the page that the aggregator stores under one name, the newest alone is sent.
    private void FindNewest(ScrapeEndpoint endpoint, int page)
    {
        _newest.Clear();
        for (int slot = 0; slot < _count; slot++)
        {
            ref SlotInfo info = ref _infos[slot];
            if (_readings[slot].Page != page || info.Subject is not { } subject)
                continue;
            subject.SeenPage = page;
            if (info.Family.Role == FamilyRole.StartTime)
                subject.StartSeconds = _readings[slot].Value;
        }
        foreach (Subject subject in _subjects[(int)endpoint].Values)
            if (subject.SeenPage == page && subject.Name is { } name)
            {
                ref Subject? newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, name, out _);
                if (newest is null || subject.IsNewerThan(newest))
                    newest = subject;
            }
        foreach (Subject subject in _subjects[(int)endpoint].Values)
            if (subject.SeenPage == page)
                subject.Superseded = subject.Name is { } name && _newest[name] != subject;
    }

    private void Judge(int slot, long scrapeMs, PageOutput output)
    {
        ref readonly Reading reading = ref _readings[slot];
        ref SlotInfo info = ref _infos[slot];
        Subject subject = info.Subject!; // the caller looked
        DropReason drop = subject.Superseded ? DropReason.Superseded
            : !info.Family.IsKeptFor(subject.Kind) ? DropReason.OtherKind
            : IsHostNetwork(info.Family, subject) ? DropReason.HostNetwork
            : IsOverLimit(ref info, subject) ? DropReason.OverLimit
            : DropReason.None;
        if (drop != DropReason.None)
        {
            output.Drop(drop);
            Stop(ref info, output);
            return;
        }
        if (info.RefusedUntilMs != 0)
        {
            if (scrapeMs < info.RefusedUntilMs)
            {
                output.Drop(DropReason.Refused);
                return;
            }
            Renew(slot);
        }
        long timestampMs = reading.TimestampMs == SeriesRow.NoTimestamp ? scrapeMs : reading.TimestampMs;
        if (timestampMs <= info.LastSentMs)
            drop = timestampMs == info.LastSentMs ? DropReason.Repeated : DropReason.OutOfOrder;
        else if (timestampMs < scrapeMs - MaxDistanceMs || timestampMs > scrapeMs + MaxDistanceMs)
            drop = DropReason.BadTimestamp;
        if (drop != DropReason.None)
        {
            output.Drop(drop);
            return;
        }
        var sample = new BatchSample(info.Ref, timestampMs, reading.Value);
        info.LastSentMs = timestampMs;
        if (subject.IsResolved)
        {
            output.Samples.Add(sample);
            info.Started = true;
        }
        else if (_held.TryHold(sample, scrapeMs))
        {
            info.Held++;
        }
        else
        {
            output.Drop(DropReason.Unresolved);
        }
    }

    private static bool IsHostNetwork(Family family, Subject subject) =>
        family.Role == FamilyRole.Network && subject.Pod is { HostNetwork: true };

    // Asked once per definition: which labels travel depends on what the directory says of the pod.
    private bool IsOverLimit(ref SlotInfo info, Subject subject)
    {
        if (info.Size == SizeCheck.Due && subject.IsResolved)
            info.Size = new SeriesDescription(info.Family, subject, info.Labels).IsOver(_limits) ? SizeCheck.Over : SizeCheck.Fits;
        return info.Size == SizeCheck.Over;
    }

    private static void Stop(ref SlotInfo info, PageOutput output)
    {
        if (info.Started)
            output.Ended.Add(info.Ref);
        info.Started = false;
    }

    private void End(int slot, PageOutput output)
    {
        ref SlotInfo info = ref _infos[slot];
        Subject subject = info.Subject!; // the caller looked
        Stop(ref info, output);
        Retire(slot);
        _slots.Remove(HashOf(info.Family, subject, info.Labels), slot);
        _labels.Release(info.Labels);
        if (--subject.Slots == 0)
            _subjects[(int)subject.Endpoint].Remove(subject.Key);
        info = default;
        _free.Enqueue((slot, _page));
    }

    // The old ref ends, the series goes on under a new one.
    private void Renew(int slot)
    {
        ref SlotInfo info = ref _infos[slot];
        if (info.Started)
            _renewed.Add(info.Ref);
        Retire(slot);
        info.Ref = ++_lastRef;
        info.Started = false;
        info.RefusedUntilMs = 0;
        info.Size = SizeCheck.Due;
        info.Held = 0;
        _refs.Add(HashOf(info.Ref), slot);
    }

    private void Retire(int slot)
    {
        ref SlotInfo info = ref _infos[slot];
        _refs.Remove(HashOf(info.Ref), slot);
        _retired.Add(info.Ref, new RetiredSeries(new SeriesDescription(info.Family, info.Subject!, info.Labels)) { Held = info.Held });
    }

    // Finds the subject's pod; where it is known and changed, its series are defined again.
    private void Resolve(Subject subject)
    {
        if (!subject.NeedsPod)
            return;
        DirectoryEntry? entry = subject.CgroupUid.Length > 0
            ? _directory.ByCgroup(subject.CgroupUid)
            : _directory.ByName(subject.Namespace, subject.PodName);
        if (entry is null || ReferenceEquals(entry, subject.Pod))
            return;
        DirectoryEntry? before = subject.Pod;
        subject.Pod = entry;
        if (before is null)
            return;
        if (before != entry)
            Redefine(subject);
        else
            RetryRefused(subject);
    }

    private void RetryRefused(Subject subject)
    {
        for (int slot = 0; slot < _count; slot++)
            if (_infos[slot].Subject == subject && _infos[slot].RefusedUntilMs != 0)
                Renew(slot);
    }

    // Labels and subjects are one object each, and records would compare by content: identity is meant, and cheaper.
    private static uint HashOf(Family family, Subject subject, Label[] labels) =>
        (uint)HashCode.Combine(family.Index, RuntimeHelpers.GetHashCode(subject), RuntimeHelpers.GetHashCode(labels));

    private static uint HashOf(uint reference) => reference * 0x9E3779B1; // Fibonacci hashing: refs rise by one

    private bool TryFindRef(uint reference, out int slot)
    {
        slot = _refs.First(HashOf(reference));
        while (slot >= 0 && _infos[slot].Ref != reference)
            slot = _refs.Next(slot);
        return slot >= 0;
    }

    private int TakeSlot()
    {
        // A row cache may name a slot until the end of the page behind the one that missed it.
        if (_free.TryPeek(out (int Slot, int Page) free) && free.Page + 2 * ScrapeEndpoints.Count < _page)
            return _free.Dequeue().Slot;
        if (_count == _infos.Length)
        {
            Array.Resize(ref _infos, _count + _count / 4);
            Array.Resize(ref _readings, _count + _count / 4);
        }
        return _count++;
    }

    private struct Reading
    {
        internal double Value;
        internal long TimestampMs;
        internal int Page;
    }

    private enum SizeCheck : byte
    {
        Due,
        Fits,
        Over,
    }

    private struct SlotInfo
    {
        internal Family Family;

        /// <summary>Null where the slot is free.</summary>
        internal Subject? Subject;

        internal Label[] Labels;
        internal long LastSentMs;
        internal uint Ref;
        internal int Held;

        /// <summary>Has samples at the aggregator that no end was said of.</summary>
        internal bool Started;

        /// <summary>Whether its labels keep the stream's limits.</summary>
        internal SizeCheck Size;

        /// <summary>0 where the aggregator takes it.</summary>
        internal long RefusedUntilMs;
    }

    private sealed class RetiredSeries(SeriesDescription description)
    {
        internal SeriesDescription Description { get; } = description;

        internal ulong LastSequence { get; set; } = ulong.MaxValue;

        internal int Held { get; set; }
    }
}
