using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Observability.Model;
using Observability.Tenancy;

namespace Observability.Access;

/// <summary>
/// Works out what one caller may read of one snapshot of the directory. What does not exist is refused with the same reviews
/// as what is forbidden, so that neither the answer nor its time tells them apart.
/// </summary>
internal sealed class ScopeResolution(DirectorySnapshot directory, ReviewRound reviews, ScopeRequest request)
{
    private static readonly byte[] DecoyKey = RandomNumberGenerator.GetBytes(32);
    private readonly List<TenantGrant> _grants = [];
    private readonly List<GrantReason> _reasons = [];
    private bool _isOperator;

    public async Task<ScopeResult> ResolveAsync()
    {
        if (request.Namespace is { } name)
            await ResolveNamespaceAsync(name);
        else if (request.Tenant is { } tenant)
            await ResolveTenantAsync(tenant);
        else
            await ResolveAllAsync();
        return _grants.Count == 0
            ? ScopeResult.Denied
            : ScopeResult.Granted(new TenantScope([.. _grants], _isOperator), [.. _reasons], reviews.ValidUntil);
    }

    private async Task ResolveNamespaceAsync(string name)
    {
        directory.TryGetNamespace(name, out DirectoryNamespace? value);
        Tenant? tenant = null;
        if (request.Tenant is { } asked)
            directory.TryGetTenant(asked, out tenant);
        else if (value is not null)
            directory.TryGetTenant(value.Tenant, out tenant);

        // Without a tenant to ask for, it is the operator's right that can open it: as many reviews either way.
        bool asOperator = request.Tenant is null && tenant is null;
        AccessReviewResult whole = await reviews.AskAsync(asOperator
            ? AccessRights.Operator(request.Right)
            : AccessRights.Tenant(request.Right, (request.Tenant ?? tenant!.Name).ToString())); // no operator: one of the two is there
        if (whole.Allowed && tenant is not null)
        {
            // All of the tenant's history under that name is the tenant's, whichever namespace bore it.
            Grant(tenant.Uid, [new NamespaceGrant(name, long.MinValue)], name, whole.Reason);
            return;
        }

        if (whole.Allowed && asOperator && value is not null)
        {
            _isOperator = true;
            Grant(value.Tenant, [new NamespaceGrant(name, long.MinValue)], name, whole.Reason);
            return;
        }

        AccessReviewResult? narrow = await AskNamespaceAsync(name);
        if (narrow is not null && tenant is not null && value is not null && value.Tenant == tenant.Uid)
            Grant(tenant.Uid, [new NamespaceGrant(name, value.OwnedFromMs)], name, narrow.Reason);
    }

    private async Task ResolveTenantAsync(TenantName name)
    {
        directory.TryGetTenant(name, out Tenant? tenant);
        AccessReviewResult whole = await reviews.AskAsync(AccessRights.Tenant(request.Right, name.ToString()));
        if (whole.Allowed)
        {
            if (tenant is not null)
                Grant(tenant.Uid, default, null, whole.Reason);
            return;
        }

        if (tenant is not null)
            await GrantNamespacesAsync([tenant.Uid], keep: true);
        else if (Decoy(name) is { } decoy)
            await GrantNamespacesAsync([decoy.Uid], keep: false);
    }

    private async Task ResolveAllAsync()
    {
        AccessReviewResult all = await reviews.AskAsync(AccessRights.Operator(request.Right));
        if (all.Allowed)
        {
            _isOperator = true;
            foreach (Tenant tenant in directory.Tenants)
                _grants.Add(TenantGrant.Whole(tenant.Uid, request.Right));
            _grants.Add(TenantGrant.Whole(TenantUid.System, request.Right));
            _grants.Add(TenantGrant.Whole(TenantUid.Unassigned, request.Right));
            _reasons.Add(new GrantReason(default, null, all.Reason));
            return;
        }

        IReadOnlyList<Tenant> tenants = directory.Tenants;
        AccessReviewResult[] whole = await reviews.AskAllAsync(
            [.. tenants.Select(tenant => AccessRights.Tenant(request.Right, tenant.Name.ToString()))]);
        var rest = new HashSet<TenantUid>();
        for (int i = 0; i < tenants.Count; i++)
        {
            if (whole[i].Allowed)
                Grant(tenants[i].Uid, default, null, whole[i].Reason);
            else
                rest.Add(tenants[i].Uid);
        }

        await GrantNamespacesAsync(rest, keep: true);
    }

    /// <param name="tenants">Whose live namespaces are reviewed.</param>
    /// <param name="keep">False: asked for the sake of asking.</param>
    private async Task GrantNamespacesAsync(HashSet<TenantUid> tenants, bool keep)
    {
        if (request.Right != Rights.Metrics)
            return;
        DirectoryNamespace[] namespaces = [.. directory.Namespaces.Where(value => value.Live && tenants.Contains(value.Tenant))];
        AccessReviewResult[] answers = await reviews.AskAllAsync([.. namespaces.Select(value => AccessRights.NamespaceMetrics(value.Name))]);
        if (request.LiveMetrics)
        {
            int[] open = [.. Enumerable.Range(0, namespaces.Length).Where(index => !answers[index].Allowed)];
            AccessReviewResult[] live = await reviews.AskAllAsync([.. open.Select(index => AccessRights.PodMetrics(namespaces[index].Name))]);
            for (int i = 0; i < open.Length; i++)
                answers[open[i]] = live[i];
        }

        if (!keep)
            return;
        foreach (IGrouping<TenantUid, (DirectoryNamespace Namespace, AccessReviewResult Answer)> allowed in namespaces
            .Zip(answers)
            .Where(pair => pair.Second.Allowed)
            .GroupBy(pair => pair.First.Tenant))
        {
            _grants.Add(new TenantGrant(
                allowed.Key, [.. allowed.Select(pair => new NamespaceGrant(pair.Namespace.Name, pair.Namespace.OwnedFromMs))], request.Right));
            _reasons.AddRange(allowed.Select(pair => new GrantReason(allowed.Key, pair.Namespace.Name, pair.Answer.Reason)));
        }
    }

    private async Task<AccessReviewResult?> AskNamespaceAsync(string name)
    {
        if (request.Right != Rights.Metrics)
            return null;
        AccessReviewResult answer = await reviews.AskAsync(AccessRights.NamespaceMetrics(name));
        if (!answer.Allowed && request.LiveMetrics)
            answer = await reviews.AskAsync(AccessRights.PodMetrics(name));
        return answer.Allowed ? answer : null;
    }

    /// <summary>A tenant to review in the place of one that does not exist: always the same for a name, and not to be foreseen.</summary>
    private Tenant? Decoy(TenantName name)
    {
        IReadOnlyList<Tenant> tenants = directory.Tenants;
        if (tenants.Count == 0)
            return null;
        byte[] hash = HMACSHA256.HashData(DecoyKey, Encoding.UTF8.GetBytes(name.ToString()));
        return tenants[(int)(BitConverter.ToUInt32(hash) % (uint)tenants.Count)];
    }

    private void Grant(TenantUid tenant, ImmutableArray<NamespaceGrant> namespaces, string? name, string reason)
    {
        _grants.Add(new TenantGrant(tenant, namespaces, request.Right));
        _reasons.Add(new GrantReason(tenant, name, reason));
    }
}
