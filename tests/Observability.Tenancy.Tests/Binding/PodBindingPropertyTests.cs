using CsCheck;
using Observability.Model;
using static Observability.Tenancy.Tests.TestDirectory;

namespace Observability.Tenancy.Tests.Binding;

public sealed class PodBindingPropertyTests
{
    private sealed record Event(ulong Revision, Action<TenantDirectory> Tell);

    // One namespace name, given to one tenant after another; pods come and go in it. The API server's order is the revision; each of the
    // two watches keeps it, and how far the one is ahead of the other is random. All happens within one second.
    [Test]
    public void However_the_two_watches_run_apart_no_pod_is_ever_anothers_and_in_the_end_all_are_resolved()
    {
        Gen.Select(Gen.Int[0, 4].List[1, 40], Gen.Bool.List[10, 200]).Sample((actions, order) =>
        {
            using var test = new TestDirectory();
            var truth = new Dictionary<string, string>();
            var namespaces = new Queue<Event>();
            var pods = new Queue<Event>();
            BuildHistory(actions, truth, namespaces, pods);
            test.Directory.ReplaceNamespaces([], 0);
            test.Directory.ReplacePods([], 0);

            int turn = 0;
            while (namespaces.Count > 0 || pods.Count > 0)
            {
                bool namespaceNext = pods.Count == 0 || (namespaces.Count > 0 && order[turn++ % order.Count]);
                (namespaceNext ? namespaces : pods).Dequeue().Tell(test.Directory);
                if (test.Now.Pods.Any(pod => pod.NamespaceUid != truth[pod.Uid] || test.Now.OwnerAt(pod.NamespaceUid, At(0)) != pod.Tenant))
                    return false;
            }

            return test.Now.Pods.Count() == truth.Count;
        }, iter: 300);
    }

    private static void BuildHistory(List<int> actions, Dictionary<string, string> truth, Queue<Event> namespaces, Queue<Event> pods)
    {
        ulong revision = 10;
        int generation = 0;
        string? current = null;
        var live = new List<string>();
        foreach (int action in actions)
        {
            if (action == 0 && current is null)
            {
                string uid = current = "u" + ++generation;
                ulong rv = ++revision;
                string tenant = "t" + generation;
                namespaces.Enqueue(new(rv, directory => directory.Upsert(Namespace("n", uid, tenant, rv))));
            }
            else if (action == 1 && current is { } gone)
            {
                // A namespace is gone only when its pods are.
                foreach (string pod in live)
                {
                    ulong deleted = ++revision;
                    pods.Enqueue(new(deleted, directory => directory.RemovePod(pod, deleted)));
                }

                live.Clear();
                ulong rv = ++revision;
                namespaces.Enqueue(new(rv, directory => directory.RemoveNamespace(gone, rv)));
                current = null;
            }
            else if (action is 2 or 3 && current is { } home)
            {
                ulong rv = ++revision;
                string pod = "p" + rv;
                truth.Add(pod, home);
                live.Add(pod);
                pods.Enqueue(new(rv, directory => directory.Upsert(Pod(pod, "n", rv))));
            }
            else if (action == 4 && current is { } named)
            {
                ulong rv = ++revision;
                string tenant = "t" + generation;
                namespaces.Enqueue(new(rv, directory => directory.Upsert(Namespace("n", named, tenant, rv))));
            }
        }

        ulong end = ++revision;
        namespaces.Enqueue(new(end, directory => directory.NamespacesObservedAt(end)));
        pods.Enqueue(new(end, directory => directory.PodsObservedAt(end)));
    }
}
