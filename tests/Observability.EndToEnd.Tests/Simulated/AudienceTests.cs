using System.Net;
using Observability.Simulator;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>A token is good for the audience that it was issued for, whoever holds it.</summary>
[CancelAfter(120_000)]
internal sealed class AudienceTests
{
    [Test]
    public async Task A_token_for_another_audience_is_answered_401_and_its_holders_right_one_200(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(), cancellationToken);
        await deployment.StepAsync(cancellationToken);

        string[][] others = [[], ["observability-ingest"], ["elsewhere"]];
        foreach (string[] audiences in others)
        {
            (HttpStatusCode status, string _) = await deployment.GetAsync(
                deployment.Simulator.IssueToken("acme-web", "viewer", audiences), "api/v1/model/namespaces/");
            Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized), string.Join(',', audiences));
        }

        (HttpStatusCode right, string _) = await deployment.GetAsync(deployment.Token("acme-web", "viewer"), "api/v1/model/namespaces/");
        Assert.That(right, Is.EqualTo(HttpStatusCode.OK));
    }
}
