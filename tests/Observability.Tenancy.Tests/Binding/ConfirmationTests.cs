using System.Threading.Channels;
using static Observability.Tenancy.Tests.TestDirectory;

namespace Observability.Tenancy.Tests.Binding;

public sealed class ConfirmationTests
{
    private sealed class Confirmer : INamespaceConfirmer
    {
        public Channel<(string Name, TaskCompletionSource<NamespaceObject?> Answer)> Asked { get; } =
            Channel.CreateUnbounded<(string, TaskCompletionSource<NamespaceObject?>)>();

        public Task<NamespaceObject?> ConfirmAsync(string name, CancellationToken cancellationToken)
        {
            var answer = new TaskCompletionSource<NamespaceObject?>(TaskCreationOptions.RunContinuationsAsynchronously);
            Asked.Writer.TryWrite((name, answer));
            return answer.Task;
        }
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task A_pod_need_not_wait_for_the_watch_when_the_namespace_is_confirmed(CancellationToken timeout)
    {
        var confirmer = new Confirmer();
        using var test = new TestDirectory(confirmer: confirmer);
        test.Directory.ReplaceNamespaces([Namespace("n", "u1", "acme", rv: 5)], 10);
        test.Directory.ReplacePods([], 10);

        test.Directory.Upsert(Pod("p1", "n", rv: 20));
        (string name, TaskCompletionSource<NamespaceObject?> answer) = await confirmer.Asked.Reader.ReadAsync(timeout);
        test.Directory.Upsert(Pod("p2", "n", rv: 21));
        long version = test.Now.Version;
        answer.SetResult(Namespace("n", "u1", "acme", rv: 5));
        await test.Directory.WaitForChangeAsync(version, timeout);

        Assert.That(name, Is.EqualTo("n"));
        Assert.That(test.OwnerOf("p1"), Is.EqualTo(test.Tenant("acme")));
        // Asked before this pod was known: the answer says nothing of it.
        Assert.That(test.OwnerOf("p2"), Is.Null);
        await confirmer.Asked.Reader.ReadAsync(timeout);
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task A_confirmation_that_brings_another_namespace_gives_the_pod_to_that_one(CancellationToken timeout)
    {
        var confirmer = new Confirmer();
        using var test = new TestDirectory(confirmer: confirmer);
        test.Directory.ReplaceNamespaces([Namespace("n", "u1", "acme", rv: 5)], 10);
        test.Directory.ReplacePods([], 10);

        test.Directory.Upsert(Pod("p2", "n", rv: 32));
        (_, TaskCompletionSource<NamespaceObject?> answer) = await confirmer.Asked.Reader.ReadAsync(timeout);
        long version = test.Now.Version;
        answer.SetResult(Namespace("n", "u2", "globex", rv: 31));
        await test.Directory.WaitForChangeAsync(version, timeout);

        Assert.That(test.OwnerOf("p2"), Is.EqualTo(test.Tenant("globex")));
        Assert.That(test.Now.TryGetNamespace("n", out DirectoryNamespace? live), Is.True);
        Assert.That(live!.Uid, Is.EqualTo("u2"));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task A_confirmation_that_fails_leaves_the_pod_waiting_and_is_tried_again(CancellationToken timeout)
    {
        var confirmer = new Confirmer();
        using var test = new TestDirectory(confirmer: confirmer);
        test.Directory.ReplaceNamespaces([Namespace("n", "u1", "acme", rv: 5)], 10);

        test.Directory.Upsert(Pod("p1", "n", rv: 20));
        (_, TaskCompletionSource<NamespaceObject?> answer) = await confirmer.Asked.Reader.ReadAsync(timeout);
        answer.SetException(new IOException("no API server"));
        test.Time.Advance(TimeSpan.FromSeconds(5));
        await confirmer.Asked.Reader.ReadAsync(timeout);

        Assert.That(test.OwnerOf("p1"), Is.Null);
    }
}
