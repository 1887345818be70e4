using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>What the providers together say of a namespace.</summary>
internal readonly record struct ResolvedClaim(TenantUid OperatorPartition, TenantName? Tenant, bool IsConflict);

/// <summary>Exactly one provider may claim a namespace; whatever is in doubt is nobody's.</summary>
internal sealed partial class ClaimResolver(IReadOnlyList<ITenantProvider> providers, IEnumerable<string> systemNamespaces, ILogger logger)
{
    private readonly HashSet<string> _systemNamespaces = new(systemNamespaces, StringComparer.Ordinal);

    public ResolvedClaim Resolve(NamespaceObject value)
    {
        if (_systemNamespaces.Contains(value.Name))
            return new(TenantUid.System, null, false);
        (ITenantProvider Provider, TenantName Tenant)? found = null;
        foreach (ITenantProvider provider in providers)
        {
            if (Ask(provider, value) is not { } claim)
                continue;
            if (found is { } other)
            {
                LogConflict(value.Name, value.Uid, other.Provider.Name, other.Tenant, provider.Name, claim);
                return new(TenantUid.Unassigned, null, true);
            }

            found = (provider, claim);
        }

        return found is { } only ? new(default, only.Tenant, false) : new(TenantUid.Unassigned, null, false);
    }

    private TenantName? Ask(ITenantProvider provider, NamespaceObject value)
    {
        try
        {
            return provider.Claim(value);
        }
        catch (Exception exception)
        {
            // A provider's fault must not stop the watches; what it cannot say it does not claim.
            LogProviderFailed(exception, provider.Name, value.Name);
            return null;
        }
    }

    [LoggerMessage(EventId = 3010, Level = LogLevel.Warning,
        Message = "Namespace {Namespace} ({Uid}) is claimed by {First} for {FirstTenant} and by {Second} for {SecondTenant}: it goes to _unassigned")]
    private partial void LogConflict(string @namespace, string uid, string first, TenantName firstTenant, string second, TenantName secondTenant);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Error, Message = "Tenant provider {Provider} failed on namespace {Namespace}")]
    private partial void LogProviderFailed(Exception exception, string provider, string @namespace);
}
