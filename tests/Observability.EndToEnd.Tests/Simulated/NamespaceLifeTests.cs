using System.Net;
using Observability.Simulator;
using Observability.Simulator.Rbac;
using Observability.Simulator.Workloads;
using Observability.Tenancy;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>A namespace that is deleted and created again is another namespace.</summary>
[CancelAfter(180_000)]
internal sealed class NamespaceLifeTests
{
    private const string Memory = "api/v1/model/namespaces/initech-dev/metrics/memory/working_set";

    [Test]
    public async Task Under_another_tenant_the_new_owner_sees_nothing_of_before_and_the_old_one_keeps_its_own(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(), cancellationToken);
        string initech = deployment.Token("observability", "initech-auditor");
        deployment.Simulator.World.AddBinding(new RoleBinding
        {
            Name = "initech-auditor", RoleName = "tenant-initech-viewer", Subjects = [Subject.ServiceAccount("observability", "initech-auditor")],
        });
        string globex = deployment.Token("globex-prod", "viewer");
        await deployment.StepAsync(4, cancellationToken);
        DateTimeOffset deleted = deployment.Time.GetUtcNow();

        string old = deployment.Simulator.World.NamespaceUid("initech-dev");
        deployment.Simulator.World.DeleteNamespace("initech-dev");
        for (int i = 0; i < 8 && deployment.Simulator.World.Pods.Any(pod => pod.Namespace == "initech-dev"); i++)
            await deployment.StepAsync(cancellationToken);
        await deployment.UntilAsync(directory => !directory.TryGetNamespace("initech-dev", out _), cancellationToken);
        deployment.Simulator.World.CreateNamespace("initech-dev", new Dictionary<string, string> { ["tenant"] = "globex" });
        deployment.Simulator.World.CreatePod(new PodSpec { Namespace = "initech-dev", Name = "newcomer", Containers = [new ContainerSpec { Name = "main" }] });
        DateTimeOffset created = deployment.Time.GetUtcNow();
        await deployment.UntilAsync(
            directory => directory.TryGetNamespace("initech-dev", out DirectoryNamespace? ns) && ns.Uid != old, cancellationToken);
        await deployment.StepAsync(5, cancellationToken);

        (DateTimeOffset Time, double Value)[] ofNewOwner = TruthTests.Points(await deployment.GetAsync(globex, $"tenants/globex/{Memory}"));
        Assert.That(ofNewOwner, Is.Not.Empty);
        Assert.That(ofNewOwner.Select(point => point.Time), Has.All.GreaterThanOrEqualTo(created));
        (DateTimeOffset Time, double Value)[] ofOldOwner = TruthTests.Points(await deployment.GetAsync(initech, $"tenants/initech/{Memory}"));
        Assert.That(ofOldOwner, Is.Not.Empty);
        Assert.That(ofOldOwner.Select(point => point.Time), Has.All.LessThanOrEqualTo(created));
        Assert.That(ofOldOwner.Select(point => point.Time), Has.Some.LessThanOrEqualTo(deleted));
        (HttpStatusCode newPod, string _) = await deployment.GetAsync(initech, "tenants/initech/api/v1/model/namespaces/initech-dev/pods/newcomer/metrics/memory/usage");
        Assert.That(newPod, Is.EqualTo(HttpStatusCode.NotFound));
    }
}
