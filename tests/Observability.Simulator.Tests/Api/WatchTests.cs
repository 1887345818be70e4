using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Observability.Simulator.Tests.Api;

/// <summary>List and watch as the official client sees them.</summary>
public sealed class WatchTests
{
    [Test]
    public async Task Lists_select_by_label_namespace_node_and_name_and_come_in_pages()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        ICoreV1Operations client = cluster.Kubernetes().CoreV1;

        V1NamespaceList owned = await client.ListNamespaceAsync(labelSelector: "tenant in (acme,globex)", cancellationToken: cluster.Deadline);
        V1PodList onNode = await client.ListPodForAllNamespacesAsync(fieldSelector: "spec.nodeName=node-2", cancellationToken: cluster.Deadline);
        V1PodList one = await client.ListNamespacedPodAsync("acme-web", fieldSelector: "metadata.name=web-app", cancellationToken: cluster.Deadline);
        V1PodList page = await client.ListPodForAllNamespacesAsync(limit: 20, cancellationToken: cluster.Deadline);
        V1PodList rest = await client.ListPodForAllNamespacesAsync(limit: 500, continueParameter: page.Metadata.ContinueProperty, cancellationToken: cluster.Deadline);

        Assert.Multiple(() =>
        {
            Assert.That(owned.Items.Select(ns => ns.Name()), Is.EqualTo(new[] { "acme-batch", "acme-web", "globex-prod" }));
            Assert.That(onNode.Items, Is.Not.Empty);
            Assert.That(onNode.Items.Select(pod => pod.Spec.NodeName), Is.All.EqualTo("node-2"));
            Assert.That(one.Items.Select(pod => pod.Name()), Is.EqualTo(new[] { "web-app" }));
            Assert.That(page.Items, Has.Count.EqualTo(20));
            Assert.That(page.Items.Count + rest.Items.Count, Is.EqualTo(cluster.World.Pods.Count));
        });
    }

    [Test]
    public async Task A_watch_without_a_version_begins_with_what_is_there_and_goes_on_in_order()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        await using Watching watching = Watching.Namespaces(cluster, "");

        Assert.That((await watching.NextAsync()).Summary, Is.EqualTo("ADDED acme-web"));
        cluster.World.CreateNamespace("globex-prod");
        cluster.World.LabelNamespace("globex-prod", "tenant", "globex");
        cluster.World.DeleteNamespace("globex-prod");
        cluster.Time.Advance(TimeSpan.FromSeconds(2));
        List<WatchedEvent> events = [];
        for (int i = 0; i < 4; i++)
            events.Add(await watching.NextAsync());

        Assert.Multiple(() =>
        {
            Assert.That(events.Select(change => change.Summary), Is.EqualTo(new[]
            {
                "ADDED globex-prod", "MODIFIED globex-prod", "MODIFIED globex-prod", "DELETED globex-prod",
            }));
            Assert.That(events.Select(change => change.Version), Is.Ordered);
        });
    }

    [Test]
    public async Task A_watch_from_a_version_brings_what_came_after_it_and_bookmarks()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        V1NamespaceList list = await cluster.Kubernetes().CoreV1.ListNamespaceAsync(cancellationToken: cluster.Deadline);
        cluster.World.CreateNamespace("late");
        await using Watching watching = Watching.Namespaces(cluster, list.Metadata.ResourceVersion);

        WatchedEvent added = await watching.NextAsync();
        cluster.Simulator.SendBookmarks();
        WatchedEvent bookmark = await watching.NextAsync();

        Assert.Multiple(() =>
        {
            Assert.That(added.Summary, Is.EqualTo("ADDED late"));
            Assert.That(bookmark.Type, Is.EqualTo("BOOKMARK"));
            Assert.That(bookmark.Version, Is.GreaterThanOrEqualTo(added.Version));
        });
    }

    [Test]
    public async Task An_object_that_leaves_the_selection_is_deleted_to_that_watch()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        await using Watching watching = Watching.Namespaces(cluster, "", "&labelSelector=tenant%3Dacme");

        cluster.World.LabelNamespace("acme-web", "tenant", "acme");
        WatchedEvent into = await watching.NextAsync();
        cluster.World.LabelNamespace("acme-web", "tenant", "globex");
        WatchedEvent outOf = await watching.NextAsync();

        Assert.That((into.Summary, outOf.Summary), Is.EqualTo(("ADDED acme-web", "DELETED acme-web")));
    }

    [Test]
    public async Task A_compacted_version_is_told_as_an_error_event_with_410()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        V1NamespaceList list = await cluster.Kubernetes().CoreV1.ListNamespaceAsync(cancellationToken: cluster.Deadline);
        cluster.World.CreateNamespace("unseen");

        cluster.Simulator.CompactWatchHistory();
        await using Watching watching = Watching.Namespaces(cluster, list.Metadata.ResourceVersion);
        WatchedEvent error = await watching.NextAsync();

        Assert.That((error.Type, error.Code), Is.EqualTo(("ERROR", 410)));
    }

    [Test]
    public async Task A_compacted_version_can_be_refused_with_the_status_410()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        ICoreV1Operations client = cluster.Kubernetes().CoreV1;
        V1NamespaceList list = await client.ListNamespaceAsync(cancellationToken: cluster.Deadline);
        cluster.Simulator.CompactWatchHistory();
        cluster.Simulator.ExpiredWatchesAsStatus = true;

        HttpClient plain = cluster.Client(cluster.Simulator.ApiServer, cluster.Simulator.AdministratorToken);
        using HttpResponseMessage watch = await plain.GetAsync($"api/v1/namespaces?watch=true&resourceVersion={list.Metadata.ResourceVersion}", cluster.Deadline);
        HttpOperationException? exact = await Assert.ThrowsAsync<HttpOperationException>(() => client.ListNamespaceAsync(
            resourceVersion: list.Metadata.ResourceVersion, resourceVersionMatch: "Exact", cancellationToken: cluster.Deadline));

        Assert.That((watch.StatusCode, exact?.Response.StatusCode), Is.EqualTo((HttpStatusCode.Gone, (HttpStatusCode?)HttpStatusCode.Gone)));
    }

    [Test]
    public async Task A_watch_ends_at_its_timeout_and_when_watches_are_dropped()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        await using Watching timed = Watching.Namespaces(cluster, "", "&timeoutSeconds=30");
        await using Watching cut = Watching.Namespaces(cluster, "");
        await timed.NextAsync();
        await cut.NextAsync();

        cluster.Time.Advance(TimeSpan.FromSeconds(31));
        WatchedEvent last = await timed.NextAsync();
        cluster.Simulator.DropWatches();

        Assert.That(last.Type, Is.EqualTo("BOOKMARK"));
        Assert.That(await timed.EndsAsync(), Is.True);
        Assert.That(await cut.EndsAsync(), Is.True);
    }

    [Test]
    public async Task The_official_client_watches_what_simulated_time_brings()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        Channel<string> seen = Channel.CreateUnbounded<string>();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cluster.Deadline);
        Task watch = WatchPodsAsync();

        // The jobs of the scenario come and go by themselves; nobody asks the server for anything meanwhile.
        string first = await seen.Reader.ReadAsync(cluster.Deadline);
        for (int i = 0; i < 10; i++)
            cluster.Time.Advance(TimeSpan.FromSeconds(30));
        string? deleted = null;
        while (deleted is null)
        {
            string change = await seen.Reader.ReadAsync(cluster.Deadline);
            deleted = change.StartsWith("Deleted report-", StringComparison.Ordinal) ? change : null;
        }

        await stop.CancelAsync();
        Assert.That(first, Does.StartWith("Added "));
        Assert.That(async () => await watch, Throws.InstanceOf<OperationCanceledException>().Or.InstanceOf<IOException>());

        async Task WatchPodsAsync()
        {
            await foreach ((WatchEventType type, V1Pod pod) in cluster.Kubernetes().CoreV1.WatchListNamespacedPodAsync(
                "acme-batch", cancellationToken: stop.Token))
            {
                await seen.Writer.WriteAsync($"{type} {pod.Name()}", stop.Token);
            }

            stop.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A watch read line by line, as it comes over the wire.</summary>
    private sealed class Watching : IAsyncDisposable
    {
        private readonly RunningCluster cluster;
        private readonly Task<StreamReader> opening;

        private Watching(RunningCluster cluster, string path)
        {
            this.cluster = cluster;
            opening = OpenAsync(path);
        }

        public static Watching Namespaces(RunningCluster cluster, string version, string more = "") =>
            new(cluster, $"api/v1/namespaces?watch=true&allowWatchBookmarks=true&resourceVersion={version}{more}");

        public async Task<WatchedEvent> NextAsync()
        {
            string line = await (await opening).ReadLineAsync(cluster.Deadline) ?? throw new EndOfStreamException();
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement item = json.RootElement.GetProperty("object");
            JsonElement metadata = item.GetProperty("metadata");
            return new WatchedEvent(
                json.RootElement.GetProperty("type").GetString()!,
                metadata.TryGetProperty("name", out JsonElement name) ? name.GetString()! : "",
                metadata.TryGetProperty("resourceVersion", out JsonElement version)
                    ? long.Parse(version.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
                    : 0,
                item.TryGetProperty("code", out JsonElement code) ? code.GetInt32() : 0);
        }

        public async Task<bool> EndsAsync()
        {
            try
            {
                return await (await opening).ReadLineAsync(cluster.Deadline) is null;
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                return true;
            }
        }

        public async ValueTask DisposeAsync() => (await opening).Dispose();

        private async Task<StreamReader> OpenAsync(string path)
        {
            HttpClient client = cluster.Client(cluster.Simulator.ApiServer, cluster.Simulator.AdministratorToken);
            HttpResponseMessage response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cluster.Deadline);
            return new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cluster.Deadline));
        }
    }

    private sealed record WatchedEvent(string Type, string Name, long Version, int Code)
    {
        public string Summary => $"{Type} {Name}";
    }
}
