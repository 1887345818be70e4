using Microsoft.Extensions.Logging;
using Observability.Access;

namespace Observability.Aggregator.Access;

/// <summary>Writes every decision as one log record, in a category of its own so that it can be routed apart.</summary>
internal sealed partial class AccessLog(ILogger<AccessLog> logger) : IAccessLog
{
    public void Record(AccessDecision decision)
    {
        string grants = decision.Grants.IsDefaultOrEmpty ? "" : string.Join("; ", decision.Grants.Select(grant => grant.Reason).Distinct().Take(4));
        LogDecision(decision.Username, decision.Action, decision.Tenant, decision.Namespace, decision.Node, decision.Outcome, grants, decision.Detail);
    }

    [LoggerMessage(EventId = 4020, Level = LogLevel.Information,
        Message = "Access: {Username} {Action} tenant={Tenant} namespace={Namespace} node={Node}: {Outcome}. {Grants}{Detail}")]
    private partial void LogDecision(
        string username, string action, string tenant, string @namespace, string node, string outcome, string grants, string detail);
}
