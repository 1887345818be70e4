using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>
/// Who owns which namespace UID, from when until when. Epochs of a namespace follow each other without gap or overlap, and every change
/// is on disk before it counts. Not for several threads at once.
/// </summary>
internal sealed partial class OwnershipLedger : IDisposable
{
    private readonly OwnershipStore _store;
    private readonly ClaimResolver _claims;
    private readonly TenancyOptions _options;
    private readonly ILogger _logger;
    private readonly Dictionary<string, TenantUid> _seats = new(StringComparer.Ordinal);
    private readonly Dictionary<TenantUid, int> _seatsOfTenant = [];
    private readonly HashSet<string> _conflicts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _overLimit = new(StringComparer.Ordinal);

    public OwnershipLedger(OwnershipStore store, ClaimResolver claims, TenancyOptions options, ILogger logger)
    {
        _store = store;
        _claims = claims;
        _options = options;
        _logger = logger;
        Tenants = TenantTable.Empty.With(store.LoadTenants());
    }

    public TenantTable Tenants { get; private set; }

    /// <summary>Of the namespaces that are known now.</summary>
    public ImmutableDictionary<string, ImmutableArray<OwnershipEpoch>> Epochs { get; private set; } = NamespaceTable.Empty.Epochs;

    /// <summary>Live namespaces that more than one provider claims.</summary>
    public int Conflicts => _conflicts.Count;

    /// <summary>Live namespaces that a limit keeps from their tenant.</summary>
    public int OverLimit => _overLimit.Count;

    public bool IsNameReused(string name, string uid) => _store.IsNameReused(name, uid);

    /// <returns>Namespaces that had an owner when the process last ended.</returns>
    public IReadOnlyList<OwnershipEpoch> LoadOpenEpochs() => _store.LoadOpenEpochs();

    /// <summary>The last owner of a known namespace.</summary>
    public OwnershipEpoch Last(string uid) => Epochs[uid][^1];

    /// <summary>Ends some namespaces and asks the providers about others, in one transaction. Throws without having changed anything.</summary>
    /// <param name="ended">UIDs that are gone.</param>
    /// <param name="assigned">Live namespaces, new ones and known ones.</param>
    /// <param name="nowMs">When a change of owner counts from.</param>
    /// <returns>The namespaces whose owner changed, new ones included.</returns>
    public IReadOnlyList<string> Apply(IReadOnlyCollection<string> ended, IReadOnlyCollection<NamespaceObject> assigned, long nowMs)
    {
        var change = new OwnershipChange();
        var epochs = Epochs.ToBuilder();
        var seats = new SeatPlan(_seats, _seatsOfTenant);
        var conflicts = new List<(string Uid, bool Is)>();
        var overLimit = new List<(string Uid, bool Is)>();
        var changed = new List<string>();

        foreach (string uid in ended)
        {
            seats.Take(uid, default);
            conflicts.Add((uid, false));
            overLimit.Add((uid, false));
            ImmutableArray<OwnershipEpoch> known = EpochsOf(epochs, uid);
            if (known.IsEmpty || known[^1].ToMs is not null)
                continue;
            OwnershipEpoch closed = known[^1] with { ToMs = Math.Max(nowMs, known[^1].FromMs + 1) };
            change.Closed.Add(closed);
            // One that ended while no process watched is not wanted in memory.
            if (epochs.ContainsKey(uid))
                epochs[uid] = known.SetItem(known.Length - 1, closed);
        }

        foreach (NamespaceObject value in assigned)
        {
            ResolvedClaim claim = _claims.Resolve(value);
            TenantUid owner = Owner(value, claim, seats, change, out bool isOverLimit);
            seats.Take(value.Uid, owner.IsOperatorPartition ? default : owner);
            conflicts.Add((value.Uid, claim.IsConflict));
            overLimit.Add((value.Uid, isOverLimit));

            ImmutableArray<OwnershipEpoch> known = EpochsOf(epochs, value.Uid);
            ImmutableArray<OwnershipEpoch> next = Follow(known, value, owner, nowMs, change);
            if (next != known)
                changed.Add(value.Uid);
            epochs[value.Uid] = next;
        }

        _store.Apply(change, nowMs);

        Epochs = epochs.ToImmutable();
        if (change.NewTenants.Count > 0)
            Tenants = Tenants.With(change.NewTenants);
        seats.Commit();
        Mark(_conflicts, conflicts);
        Mark(_overLimit, overLimit);
        foreach (OwnershipEpoch epoch in change.Opened)
            LogOwner(epoch.NamespaceName, epoch.NamespaceUid, epoch.Tenant, epoch.FromMs);
        return changed;
    }

    /// <summary>Drops from memory what nobody will ask for again; the store keeps it.</summary>
    public void Forget(string uid) => Epochs = Epochs.Remove(uid);

    public void Dispose() => _store.Dispose();

    private static void Mark(HashSet<string> set, List<(string Uid, bool Is)> marks)
    {
        foreach ((string uid, bool isMarked) in marks)
        {
            if (isMarked)
                set.Add(uid);
            else
                set.Remove(uid);
        }
    }

    /// <summary>The epochs with the owner as the last one; the same array when nothing changes.</summary>
    private static ImmutableArray<OwnershipEpoch> Follow(
        ImmutableArray<OwnershipEpoch> known, NamespaceObject value, TenantUid owner, long nowMs, OwnershipChange change)
    {
        if (known.IsEmpty)
        {
            var first = new OwnershipEpoch(value.Uid, value.Name, owner, value.CreatedMs, value.ResourceVersion, null);
            change.Opened.Add(first);
            return [first];
        }

        OwnershipEpoch last = known[^1];
        if (last.ToMs is null && last.Tenant == owner)
            return known;
        // A clock that was set back must not make epochs overlap.
        long fromMs = Math.Max(nowMs, last.ToMs ?? (last.FromMs + 1));
        if (last.ToMs is null)
        {
            last = last with { ToMs = fromMs };
            change.Closed.Add(last);
        }

        var next = new OwnershipEpoch(value.Uid, value.Name, owner, fromMs, value.ResourceVersion, null);
        change.Opened.Add(next);
        return known.SetItem(known.Length - 1, last).Add(next);
    }

    private ImmutableArray<OwnershipEpoch> EpochsOf(ImmutableDictionary<string, ImmutableArray<OwnershipEpoch>>.Builder epochs, string uid) =>
        epochs.TryGetValue(uid, out ImmutableArray<OwnershipEpoch> known) ? known : _store.LoadEpochs(uid);

    private TenantUid Owner(NamespaceObject value, ResolvedClaim claim, SeatPlan seats, OwnershipChange change, out bool isOverLimit)
    {
        isOverLimit = false;
        if (claim.Tenant is not { } name)
            return claim.OperatorPartition;
        Tenant? tenant = Tenants.ByName.GetValueOrDefault(name) ?? change.NewTenants.Find(candidate => candidate.Name == name);
        if (tenant is null)
        {
            if (Tenants.ByName.Count + change.NewTenants.Count >= _options.MaxTenants)
            {
                isOverLimit = true;
                LogTooManyTenants(value.Name, name, _options.MaxTenants);
                return TenantUid.Unassigned;
            }

            tenant = new Tenant(TenantUid.New(), name);
            change.NewTenants.Add(tenant);
        }

        if (seats.Holder(value.Uid) != tenant.Uid && seats.Count(tenant.Uid) >= _options.MaxNamespacesPerTenant)
        {
            isOverLimit = true;
            LogTooManyNamespaces(value.Name, name, _options.MaxNamespacesPerTenant);
            return TenantUid.Unassigned;
        }

        return tenant.Uid;
    }

    [LoggerMessage(EventId = 3020, Level = LogLevel.Information, Message = "Namespace {Namespace} ({Uid}) belongs to {Tenant} from {FromMs} ms on")]
    private partial void LogOwner(string @namespace, string uid, TenantUid tenant, long fromMs);

    [LoggerMessage(EventId = 3021, Level = LogLevel.Warning, Message = "Namespace {Namespace} of tenant {Tenant} goes to _unassigned: there are {Limit} tenants, the most allowed")]
    private partial void LogTooManyTenants(string @namespace, TenantName tenant, int limit);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Warning, Message = "Namespace {Namespace} of tenant {Tenant} goes to _unassigned: the tenant has {Limit} namespaces, the most allowed")]
    private partial void LogTooManyNamespaces(string @namespace, TenantName tenant, int limit);
}
