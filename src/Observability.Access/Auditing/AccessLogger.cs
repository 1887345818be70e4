using Microsoft.Extensions.Logging;

namespace Observability.Access;

/// <summary>Writes each decision as one structured log record.</summary>
public sealed partial class AccessLogger(ILogger<AccessLogger> logger) : IAccessLog
{
    public void Record(AccessDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        string grants = string.Join("; ", decision.Grants.Select(grant =>
            (grant.Tenant.IsDefault ? "*" : grant.Tenant.ToString()) + (grant.Namespace is null ? "" : "/" + grant.Namespace) + ": " + grant.Reason));
        LogDecision(
            decision.Outcome, decision.Action, decision.Username, decision.UserUid, decision.Tenant, decision.Namespace, decision.Node,
            grants, decision.Detail, decision.At);
    }

    [LoggerMessage(EventId = 3100, Level = LogLevel.Information,
        Message = "Access {Outcome}: {Action} by {User} ({UserUid}), tenant {Tenant}, namespace {Namespace}, node {Node}, grants {Grants}, {Detail} at {At:O}")]
    private partial void LogDecision(
        string outcome, string action, string user, string userUid, string tenant, string @namespace, string node,
        string grants, string detail, DateTimeOffset at);
}
