namespace Observability.Access;

/// <summary>There is no answer to be had; the message is fit for the caller.</summary>
internal sealed class NoAnswerException(string message) : Exception(message);

/// <summary>The reviews of one request: counted, a few at a time, and all or nothing, since a part of an answer would look like a refusal.</summary>
internal sealed class ReviewRound(
    CallerIdentity caller, IAccessReviewer reviewer, DecisionCache<AccessReviewResult> cache, TimeSpan maxAge, AccessOptions options,
    CancellationToken cancellationToken)
{
    private readonly Lock _lock = new();
    private int _asked;

    /// <summary>When the first of the answers is too old.</summary>
    public long ValidUntil { get; private set; } = long.MaxValue;

    public async Task<AccessReviewResult> AskAsync(AccessAttributes attributes)
    {
        Count(1);
        return await ReviewAsync(attributes, cancellationToken);
    }

    /// <returns>In the order of the questions.</returns>
    public async Task<AccessReviewResult[]> AskAllAsync(IReadOnlyList<AccessAttributes> attributes)
    {
        Count(attributes.Count);
        var answers = new AccessReviewResult[attributes.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, attributes.Count),
            new ParallelOptions { MaxDegreeOfParallelism = options.MaxParallelReviewsPerRequest, CancellationToken = cancellationToken },
            async (index, stop) => answers[index] = await ReviewAsync(attributes[index], stop));
        return answers;
    }

    private async Task<AccessReviewResult> ReviewAsync(AccessAttributes attributes, CancellationToken stop)
    {
        CacheKey key;
        using (var builder = new CacheKeyBuilder())
            key = builder.Add(caller).Add(attributes).ToKey();
        Decision<AccessReviewResult> decision = await cache.GetAsync(
            key, maxAge, async cancel => await reviewer.ReviewAsync(caller, attributes, cancel)
                ?? throw new InvalidOperationException("An access review brought no status."), _ => null, stop);
        if (decision.Answer is null)
            throw new NoAnswerException("The access review is not available.");
        lock (_lock)
            ValidUntil = Math.Min(ValidUntil, decision.ValidUntil);
        return decision.Answer;
    }

    private void Count(int more)
    {
        // The same words whatever is there: how much that is, is nobody's business.
        if (more > options.MaxReviewsPerRequest - _asked)
            throw new NoAnswerException("Too many access reviews would be needed: name a tenant or a namespace in the path.");
        _asked += more;
    }
}
