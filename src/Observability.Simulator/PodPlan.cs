using System.Globalization;
using Observability.Simulator.Cluster;
using Observability.Simulator.Workloads;

namespace Observability.Simulator;

/// <summary>
/// Shares the pods of a scenario out to its namespaces and nodes. The shares are constants of the scenario, so that each namespace gets the same
/// pods on the same nodes whether or not the others are there; together they fill the nodes evenly.
/// </summary>
internal sealed class PodPlan(ulong seed, int nodes, int pods)
{
    private static readonly (string Namespace, int Tenths)[] Shares =
        [("acme-web", 3), ("acme-batch", 2), ("globex-prod", 3), ("initech-dev", 1), ("orphan", 1)];

    /// <summary>The special pods first, as many as fit, then replicas of a deployment; never fewer than one pod.</summary>
    public IReadOnlyList<PodSpec> Fill(string ns, IReadOnlyList<PodSpec> specials, string deployment, Func<PodSpec, PodSpec> replica)
    {
        int tenthsBefore = Shares.TakeWhile(share => share.Namespace != ns).Sum(share => share.Tenths);
        int first = pods * tenthsBefore / 10;
        int count = Math.Max(1, (pods * (tenthsBefore + Shares.First(share => share.Namespace == ns).Tenths) / 10) - first);
        string set = $"{deployment}-{Derivation.Hex(seed, "replica set", $"{ns}/{deployment}", 10)}";

        List<PodSpec> filled = new(count);
        for (int i = 0; i < count; i++)
        {
            PodSpec pod = i < specials.Count && i < count - 1 ? specials[i] : Replica(i);
            filled.Add(pod with { Node = Scenarios.NodeName((first + i) % nodes) });
        }

        return filled;

        PodSpec Replica(int number) => replica(new PodSpec
        {
            Namespace = ns,
            Name = $"{set}-{Derivation.Suffix(seed, "replica", string.Create(CultureInfo.InvariantCulture, $"{ns}/{set}/{number}"), 5)}",
            Containers = [],
            OwnerKind = "ReplicaSet",
            OwnerName = set,
            Labels = new Dictionary<string, string> { ["app"] = deployment },
        });
    }
}
