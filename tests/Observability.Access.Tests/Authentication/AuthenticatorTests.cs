using System.Text;
using System.Buffers.Text;

namespace Observability.Access.Tests.Authentication;

[CancelAfter(30_000)]
public sealed class AuthenticatorTests : IDisposable
{
    private readonly AccessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Test]
    public async Task A_token_for_the_audience_is_its_holder()
    {
        _bench.Api.Know("t1", "alice");

        AuthenticationResult result = await _bench.AuthenticateAsync("t1");

        Assert.That(result.Outcome, Is.EqualTo(AuthenticationOutcome.Authenticated));
        Assert.That(result.Identity!.Username, Is.EqualTo("alice"));
    }

    [Test]
    public async Task A_status_that_is_not_authenticated_counts_for_nothing_whatever_else_it_says()
    {
        _bench.Api.Know("t1", "alice");
        _bench.Api.Tokens["t1"] = _bench.Api.Tokens["t1"] with { Authenticated = false };

        Assert.That((await _bench.AuthenticateAsync("t1")).Outcome, Is.EqualTo(AuthenticationOutcome.Rejected));
    }

    [Test]
    public async Task A_review_without_our_audience_or_without_a_name_is_rejected()
    {
        _bench.Api.Know("other", "alice", audience: Audiences.Ingest);
        _bench.Api.Know("none", "alice");
        _bench.Api.Tokens["none"] = _bench.Api.Tokens["none"] with { Audiences = [] };
        _bench.Api.Know("nameless", "");
        _bench.Api.Tokens["bare"] = new TokenReviewResult { Authenticated = true, Audiences = [Audiences.Query] };

        foreach (string token in new[] { "other", "none", "nameless", "bare", "unknown" })
            Assert.That((await _bench.AuthenticateAsync(token)).Outcome, Is.EqualTo(AuthenticationOutcome.Rejected), token);
    }

    [Test]
    public async Task One_token_for_two_audiences_is_two_questions()
    {
        _bench.Api.Know("t1", "alice");

        Assert.That((await _bench.AuthenticateAsync("t1")).IsAuthenticated, Is.True);
        Assert.That((await _bench.AuthenticateAsync("t1", Audiences.Ingest)).IsAuthenticated, Is.False);
        Assert.That(_bench.Api.TokenReviews, Is.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a,b")]
    public async Task What_is_no_token_never_reaches_the_API_server(string token)
    {
        Assert.That((await _bench.AuthenticateAsync(token)).Outcome, Is.EqualTo(AuthenticationOutcome.Rejected));
        Assert.That(_bench.Api.TokenReviews, Is.Zero);
    }

    [Test]
    public async Task A_token_that_ends_in_the_far_future_is_remembered_like_any_other()
    {
        // A clock of nanoseconds, such as the machine's: what is left until then has no number on its scale.
        using var meters = new TestMeters();
        using var authenticator = new Authenticator(_bench.Api, _bench.Options, _bench.Log, TimeProvider.System, meters);
        string token = $"e30.{Base64Url.EncodeToString("""{"exp": 253402300799}"""u8)}.c2ln";
        _bench.Api.Know(token, "alice");

        await authenticator.AuthenticateAsync(token, Audiences.Query, CancellationToken.None);
        await authenticator.AuthenticateAsync(token, Audiences.Query, CancellationToken.None);

        Assert.That(_bench.Api.TokenReviews, Is.EqualTo(1));
    }

    [TestCase("t1", AuthenticationOutcome.Authenticated)]
    [TestCase("bad", AuthenticationOutcome.Rejected)]
    public async Task An_answer_is_remembered_for_ten_seconds_and_no_longer(string token, AuthenticationOutcome expected)
    {
        _bench.Api.Know("t1", "alice");
        await _bench.AuthenticateAsync(token);

        _bench.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That((await _bench.AuthenticateAsync(token)).Outcome, Is.EqualTo(expected));
        Assert.That(_bench.Api.TokenReviews, Is.EqualTo(1));

        _bench.Time.Advance(TimeSpan.FromSeconds(0.1));
        await _bench.AuthenticateAsync(token);
        Assert.That(_bench.Api.TokenReviews, Is.EqualTo(2));
    }

    [Test]
    public async Task A_deleted_account_is_rejected_within_ten_seconds()
    {
        _bench.Api.Know("t1", "alice");
        await _bench.AuthenticateAsync("t1");
        _bench.Api.Tokens.Clear();

        _bench.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That((await _bench.AuthenticateAsync("t1")).Outcome, Is.EqualTo(AuthenticationOutcome.Rejected));
    }

    [Test]
    public async Task A_token_is_not_relied_on_beyond_its_own_end()
    {
        string payload = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"exp": {{_bench.Time.GetUtcNow().ToUnixTimeSeconds() + 3}}}"""));
        string token = $"e30.{payload}.c2ln";
        _bench.Api.Know(token, "alice");
        Assert.That((await _bench.AuthenticateAsync(token)).IsAuthenticated, Is.True);

        _bench.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await _bench.AuthenticateAsync(token)).IsAuthenticated, Is.False);
        Assert.That(_bench.Api.TokenReviews, Is.EqualTo(2));
    }

    [Test]
    public async Task Where_the_API_server_fails_there_is_no_answer_and_nothing_is_remembered()
    {
        _bench.Api.Know("t1", "alice");
        await _bench.AuthenticateAsync("t1");
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        _bench.Api.Broken = true;

        Assert.That((await _bench.AuthenticateAsync("t1")).Outcome, Is.EqualTo(AuthenticationOutcome.Unavailable));

        _bench.Api.Broken = false;
        Assert.That((await _bench.AuthenticateAsync("t1")).Outcome, Is.EqualTo(AuthenticationOutcome.Authenticated));
    }

    [Test]
    public async Task A_slow_API_server_is_waited_for_no_longer_than_the_timeout(CancellationToken timeout)
    {
        _bench.Api.Know("t1", "alice");
        _bench.Api.Gate = new TaskCompletionSource().Task;

        Task<AuthenticationResult> waiting = _bench.AuthenticateAsync("t1");
        while (_bench.Api.TokenReviews == 0)
            await Task.Yield();
        _bench.Time.Advance(_bench.Options.ReviewTimeout);

        Assert.That((await waiting.WaitAsync(timeout)).Outcome, Is.EqualTo(AuthenticationOutcome.Unavailable));
    }

    [Test]
    public async Task Many_who_ask_at_once_are_one_question_and_one_who_leaves_does_not_end_it(CancellationToken timeout)
    {
        _bench.Api.Know("t1", "alice");
        var gate = new TaskCompletionSource();
        _bench.Api.Gate = gate.Task;
        using var impatient = new CancellationTokenSource();

        Task<AuthenticationResult> leaving = _bench.Authenticator.AuthenticateAsync("t1", Audiences.Query, impatient.Token);
        Task<AuthenticationResult>[] waiting = [.. Enumerable.Range(0, 50).Select(_ => _bench.AuthenticateAsync("t1"))];
        await impatient.CancelAsync();
        gate.SetResult();
        AuthenticationResult[] results = await Task.WhenAll(waiting).WaitAsync(timeout);

        Assert.That(async () => await leaving, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(results, Has.All.Property(nameof(AuthenticationResult.IsAuthenticated)).True);
        Assert.That(_bench.Api.TokenReviews, Is.EqualTo(1));
    }

    [Test]
    public async Task A_flood_of_bad_tokens_reaches_the_API_server_a_few_at_a_time_and_the_rest_is_turned_away(CancellationToken timeout)
    {
        using var bench = new AccessBench(new AccessOptions { MaxConcurrentTokenReviews = 4, MaxWaitingTokenReviews = 6 });
        var gate = new TaskCompletionSource();
        bench.Api.Gate = gate.Task;

        Task<AuthenticationResult>[] flood = [.. Enumerable.Range(0, 500).Select(index => bench.AuthenticateAsync("bad" + index))];
        // The turned away have their answer while the others still wait.
        int answered = 0;
        await foreach (Task<AuthenticationResult> done in Task.WhenEach(flood).WithCancellation(timeout))
        {
            Assert.That((await done).Outcome, Is.EqualTo(answered < 490 ? AuthenticationOutcome.Unavailable : AuthenticationOutcome.Rejected));
            if (++answered == 490)
                gate.SetResult();
        }

        Assert.That(bench.Api.MostRunning, Is.LessThanOrEqualTo(4));
        Assert.That(bench.Api.TokenReviews, Is.EqualTo(10));
    }

    [Test]
    public async Task Remembered_tokens_are_bounded()
    {
        using var bench = new AccessBench(new AccessOptions { MaxCachedTokens = 10 });

        for (int i = 0; i < 100; i++)
            await bench.AuthenticateAsync("bad" + i);

        Assert.That(bench.Authenticator.CachedTokens, Is.EqualTo(10));
    }

    [Test]
    public async Task No_record_holds_a_token()
    {
        await _bench.AuthenticateAsync("secret-token");

        AccessDecision record = _bench.Log.Decisions.Single();
        Assert.That(record.ToString(), Does.Contain("rejected").And.Not.Contain("secret-token"));
    }
}
