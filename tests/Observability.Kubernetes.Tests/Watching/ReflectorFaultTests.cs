using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Observability.Kubernetes.Tests.Cluster;

namespace Observability.Kubernetes.Tests.Watching;

/// <summary>What a real API server does seldom or never. Namespaces are scripted; pods and nodes are empty lists whose watches stay open.</summary>
public class ReflectorFaultTests
{
    private const string First = """{"metadata":{"name":"first","uid":"u1","resourceVersion":"5"}}""";
    private const string Second = """{"type":"ADDED","object":{"metadata":{"name":"second","uid":"u2","resourceVersion":"11"}}}""";
    private readonly ConcurrentQueue<string> _watches = new();
    private readonly TaskCompletionSource _thirdWatch = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [TestCase("this is no JSON\n")]
    [TestCase("""{"type":"ADDED"}""" + "\n")]
    [TestCase("""{"type":"RENAMED","object":{}}""" + "\n")]
    [TestCase("""{"type":"ADDED","object":{"metadata":{"name":"x","uid":"y"}}}""" + "\n")]
    [TestCase("""{"type":"ERROR","object":{"kind":"Status","code":500,"reason":"InternalError","message":"etcd"}}""" + "\n")]
    [TestCase("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""" + "\n")]
    public async Task What_leaves_a_doubt_about_the_events_is_followed_by_a_new_list(string line)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(Script(watch => watch == 1 ? line : Second + "\n"));
        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(api.Options(), TimeProvider.System);

        await watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey("u2"));

        Assert.That(watcher.Status("namespaces").Lists, Is.GreaterThanOrEqualTo(2));
        Assert.That(_watches.Take(2), Is.EqualTo(new[] { "10", "10" }), "each watch starts at its list");
    }

    [Test]
    public async Task An_event_cut_short_is_asked_for_again()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(Script(watch => watch == 1
            ? """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"10"}}}""" + "\n" + Second[..40]
            : Second + "\n"));
        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(api.Options(), TimeProvider.System);

        await watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey("u2"));

        Assert.That(watcher.Status("namespaces").Lists, Is.EqualTo(1));
    }

    [Test]
    public async Task A_watch_that_ends_goes_on_behind_its_last_event_or_bookmark()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(Script(watch => watch switch
        {
            1 => Second + "\n",
            2 => """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"42"}}}""" + "\n",
            _ => null,
        }));
        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(api.Options(), TimeProvider.System);

        await watcher.View.UntilAsync((view, _) => view.NamespacesSeen == 42);
        await _thirdWatch.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(_watches, Is.EqualTo(new[] { "10", "11", "42" }));
        Assert.That(watcher.Status("namespaces").Lists, Is.EqualTo(1));
    }

    [Test]
    public async Task A_silent_watch_is_opened_anew_where_it_was()
    {
        var time = new FakeTimeProvider();
        await using ScriptedApi api = await ScriptedApi.StartAsync(Script(watch => watch == 1 ? null : Second + "\n"));
        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(api.Options(), time);

        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey("u2")));

        Assert.That(_watches.Take(2), Is.EqualTo(new[] { "10", "10" }));
        Assert.That(watcher.Status("namespaces").Lists, Is.EqualTo(1));
    }

    [Test]
    public async Task A_change_that_the_view_cannot_keep_is_listed_again()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(Script(_ => null));
        await using RunningWatcher watcher = await RunningWatcher.StartAsync(api.Options(), TimeProvider.System);
        watcher.View.Refusal = new IOException("The disk is full.");

        await watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey("u1"));

        await watcher.SyncedAsync();
    }

    [Test]
    public async Task An_object_without_an_identity_is_left_out_and_the_others_stay()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(Script(_ => null, """{"metadata":{"name":"no-uid","resourceVersion":"4"}},""" + First));
        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(api.Options(), TimeProvider.System);

        Assert.That(watcher.View.Read((view, _) => view.Namespaces.Keys.ToArray()), Is.EqualTo(new[] { "u1" }));
        Assert.That(watcher.Log.Lines.Count(line => line.Id == 5002), Is.EqualTo(1));
    }

    [Test]
    public async Task A_list_whose_continuation_expired_is_begun_again()
    {
        int pages = 0;
        await using ScriptedApi api = await ScriptedApi.StartAsync(async context =>
        {
            bool namespaces = context.Request.Path == "/api/v1/namespaces" && context.Request.Query["watch"].Count == 0;
            if (!namespaces)
            {
                await Script(_ => null)(context);
                return;
            }
            int page = Interlocked.Increment(ref pages);
            if (page == 2)
                context.Response.StatusCode = StatusCodes.Status410Gone;
            string next = page == 1 ? ""","continue":"a b&c" """ : "";
            await context.Response.WriteAsync($$"""{"metadata":{"resourceVersion":"{{page}}"{{next}}},"items":[{{First}}]}""");
        });
        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(api.Options(), TimeProvider.System);

        Assert.That(watcher.View.Read((view, _) => view.NamespacesSeen), Is.EqualTo(3));
        Assert.That(api.Requests, Has.Some.Contains("continue=a%20b%26c"));
    }

    private RequestDelegate Script(Func<int, string?> watch, string items = First) => async context =>
    {
        bool namespaces = context.Request.Path == "/api/v1/namespaces";
        if (context.Request.Query["watch"].Count == 0)
        {
            await context.Response.WriteAsync($$"""{"metadata":{"resourceVersion":"10"},"items":[{{(namespaces ? items : "")}}]}""");
            return;
        }
        string? body = null;
        if (namespaces)
        {
            _watches.Enqueue(context.Request.Query["resourceVersion"].ToString());
            if (_watches.Count == 3)
                _thirdWatch.TrySetResult();
            body = watch(_watches.Count);
        }
        if (body is not null)
        {
            await context.Response.WriteAsync(body);
            return;
        }
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    };
}
