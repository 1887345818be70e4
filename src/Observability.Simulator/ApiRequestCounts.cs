namespace Observability.Simulator;

/// <summary>How many requests the API server answered, of each kind, failed ones included.</summary>
public sealed class ApiRequestCounts
{
    private long tokenReviews;
    private long accessReviews;
    private long lists;
    private long watches;
    private long gets;

    public long TokenReviews => Interlocked.Read(ref tokenReviews);

    public long SubjectAccessReviews => Interlocked.Read(ref accessReviews);

    public long Lists => Interlocked.Read(ref lists);

    public long Watches => Interlocked.Read(ref watches);

    public long Gets => Interlocked.Read(ref gets);

    internal void CountTokenReview() => Interlocked.Increment(ref tokenReviews);

    internal void CountAccessReview() => Interlocked.Increment(ref accessReviews);

    internal void CountRead(string verb)
    {
        switch (verb)
        {
            case "list":
                Interlocked.Increment(ref lists);
                break;
            case "watch":
                Interlocked.Increment(ref watches);
                break;
            default:
                Interlocked.Increment(ref gets);
                break;
        }
    }
}
