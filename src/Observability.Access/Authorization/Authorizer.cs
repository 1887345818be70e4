using System.Buffers;
using System.Diagnostics.Metrics;
using Observability.Model;
using Observability.Tenancy;

namespace Observability.Access;

/// <summary>
/// Turns the API server's access reviews into scopes: the only maker of <see cref="TenantScope"/>. Reviews are relied on for at most 10 s,
/// both ways. What the API server does not answer is not answered here either; unknown and forbidden look alike.
/// </summary>
public sealed class Authorizer : IDisposable
{
    private const string CollectAction = "collect";
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> NodeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");
    private readonly Func<DirectorySnapshot> _directory;
    private readonly IAccessReviewer _reviewer;
    private readonly AccessOptions _options;
    private readonly IAccessLog _log;
    private readonly TimeProvider _time;
    private readonly AccessMetrics _metrics;
    private readonly ReviewGate _gate;
    private readonly DecisionCache<AccessReviewResult> _cache;

    /// <summary>The directory is read anew for every request, so give its current snapshot: <c>() => directory.Current</c>.</summary>
    public Authorizer(
        Func<DirectorySnapshot> directory, IAccessReviewer reviewer, AccessOptions options, IAccessLog log, TimeProvider time, IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(options);
        _directory = directory;
        _reviewer = reviewer;
        _options = options;
        _log = log;
        _time = time;
        _metrics = new AccessMetrics(meters, "Authorization");
        _gate = new ReviewGate(options.MaxConcurrentAccessReviews, options.MaxWaitingAccessReviews);
        _cache = new DecisionCache<AccessReviewResult>("access", options.MaxCachedDecisions, _gate, options, _metrics, time);
    }

    internal AccessOptions Options => _options;

    internal int CachedDecisions => _cache.Count;

    /// <summary>What the caller may read of what is requested; one record in the access log.</summary>
    /// <exception cref="ArgumentException">The request is not for exactly one right.</exception>
    public async Task<ScopeResult> ScopeAsync(CallerIdentity caller, ScopeRequest request, CancellationToken cancellationToken)
    {
        ScopeResult result = await ResolveAsync(caller, request, _options.DecisionLifetime, cancellationToken);
        Record(caller, request, result, "read");
        return result;
    }

    /// <summary>
    /// Whether the caller may deliver this node's samples: a token bound to this very node needs <c>create samples</c>, any other
    /// <c>create nodes/samples</c> for the node by name. One record in the access log.
    /// </summary>
    public async Task<CollectResult> MayCollectAsync(CallerIdentity caller, string node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        CollectResult result;
        if (!IsNodeName(node))
        {
            result = new CollectResult(AccessOutcome.Denied, "");
        }
        else
        {
            try
            {
                AccessReviewResult review = await Round(caller, _options.DecisionLifetime, cancellationToken).AskAsync(
                    string.Equals(caller.BoundNode, node, StringComparison.Ordinal) ? AccessRights.CollectHere : AccessRights.CollectFrom(node));
                result = review.Allowed ? new(AccessOutcome.Granted, review.Reason) : new(AccessOutcome.Denied, "");
            }
            catch (NoAnswerException)
            {
                result = new CollectResult(AccessOutcome.Unavailable, "");
            }
        }

        string outcome = Word(result.Outcome);
        _metrics.Decided(CollectAction, outcome);
        _log.Record(new AccessDecision
        {
            At = _time.GetUtcNow(),
            Username = caller.Username,
            UserUid = caller.Uid,
            Action = CollectAction,
            Node = IsNodeName(node) ? node : "(no name)",
            Outcome = outcome,
            Detail = result.Reason,
        });
        return result;
    }

    /// <summary>Whether the caller may do this to the store; one record in the access log.</summary>
    /// <param name="caller">Authenticated.</param>
    /// <param name="action">What is to be done.</param>
    /// <param name="tenant">To which tenant; null where it concerns none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<AccessOutcome> MayOperateAsync(CallerIdentity caller, OperatorAction action, TenantName? tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        string name = tenant?.ToString() ?? "";
        AccessOutcome outcome;
        string reason = "";
        try
        {
            AccessReviewResult review = await Round(caller, _options.DecisionLifetime, cancellationToken).AskAsync(AccessRights.Operate(action, name));
            outcome = review.Allowed ? AccessOutcome.Granted : AccessOutcome.Denied;
            if (review.Allowed)
                reason = review.Reason;
        }
        catch (NoAnswerException)
        {
            outcome = AccessOutcome.Unavailable;
        }
        string word = action == OperatorAction.CreateSnapshot ? "create snapshot" : "delete tenant data";
        _metrics.Decided(word, Word(outcome));
        _log.Record(new AccessDecision
        {
            At = _time.GetUtcNow(),
            Username = caller.Username,
            UserUid = caller.Uid,
            Action = word,
            Tenant = name,
            Outcome = Word(outcome),
            Detail = reason,
        });
        return outcome;
    }

    public void Dispose()
    {
        _cache.Dispose();
        _gate.Dispose();
        _metrics.Dispose();
    }

    /// <summary>As <see cref="ScopeAsync"/>, with answers no older than asked, and without a record.</summary>
    internal async Task<ScopeResult> ResolveAsync(CallerIdentity caller, ScopeRequest request, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        AccessRights.Word(request.Right);
        // No namespace has such a name, so there is nothing to review; and what reviews are asked with stays small.
        if (request.Namespace is { } name && !IsNamespaceName(name))
            return ScopeResult.Denied;
        DirectorySnapshot directory = _directory();
        if (!directory.NamespacesListed)
            return ScopeResult.Unavailable("The tenant directory is not complete yet.");
        try
        {
            return await new ScopeResolution(directory, Round(caller, maxAge, cancellationToken), request).ResolveAsync();
        }
        catch (NoAnswerException exception)
        {
            return ScopeResult.Unavailable(exception.Message);
        }
    }

    internal void Record(CallerIdentity caller, ScopeRequest request, ScopeResult result, string verb)
    {
        string action = verb + " " + AccessRights.Word(request.Right);
        string outcome = Word(result.Outcome);
        _metrics.Decided(action, outcome);
        _log.Record(new AccessDecision
        {
            At = _time.GetUtcNow(),
            Username = caller.Username,
            UserUid = caller.Uid,
            Action = action,
            Tenant = request.Tenant?.ToString() ?? "",
            Namespace = request.Namespace is null ? "" : IsNamespaceName(request.Namespace) ? request.Namespace : "(no name)",
            Outcome = outcome,
            Grants = result.Grants,
            Detail = result.Problem ?? "",
        });
    }

    private static string Word(AccessOutcome outcome) => outcome switch
    {
        AccessOutcome.Granted => "granted",
        AccessOutcome.Unavailable => "unavailable",
        _ => "denied",
    };

    private static bool IsNamespaceName(string? text) => IsName(text, 63, NameCharacters);

    private static bool IsNodeName(string? text) => IsName(text, 253, NodeCharacters);

    private static bool IsName(string? text, int maxLength, SearchValues<char> characters) =>
        text is { Length: > 0 } && text.Length <= maxLength && !text.AsSpan().ContainsAnyExcept(characters) &&
        char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);

    private ReviewRound Round(CallerIdentity caller, TimeSpan maxAge, CancellationToken cancellationToken) =>
        new(caller, _reviewer, _cache, maxAge, _options, cancellationToken);
}
