using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Observability.Access;
using Observability.Aggregator.Listening;
using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.Tests.Surfaces;

public class SurfaceAuditTests
{
    private static readonly object[] Wrong =
    [
        Array.Empty<object>(),
        new object[] { new Surface(Listeners.Query, SurfaceRight.Open) },
        new object[] { new Surface(Listeners.Query, SurfaceRight.Collector) },
        new object[] { new Surface(Listeners.Ingest, SurfaceRight.Metrics) },
        new object[] { new Surface(Listeners.None, SurfaceRight.Metrics), Parameters.None },
        new object[] { new Surface(Listeners.Query, SurfaceRight.Metrics) },
        new object[] { new Surface(Listeners.Query, SurfaceRight.Metrics), new Surface(Listeners.Admin, SurfaceRight.Open) },
        new object[] { new Surface(Listeners.Admin, SurfaceRight.Operator), Parameters.None },
        new object[] { new Surface(Listeners.Query, SurfaceRight.Operator, OperatorAction.CreateSnapshot), Parameters.None },
        new object[] { new Surface(Listeners.Query, SurfaceRight.Metrics, OperatorAction.CreateSnapshot), Parameters.None },
        new object[] { new Surface(Listeners.Admin, SurfaceRight.Open), new HttpMethodMetadata(["POST"]) },
        new object[] { new Surface(Listeners.Admin, SurfaceRight.Open), new HttpMethodMetadata(["GET", "DELETE"]) },
        new object[] { new Surface(Listeners.Admin, SurfaceRight.Open) },
    ];

    private static IEnumerable<int> Indexes => Enumerable.Range(0, Wrong.Length);

    [Test]
    public void An_endpoint_without_a_sound_surface_stops_the_start([ValueSource(nameof(Indexes))] int index)
    {
        var endpoint = new Endpoint(_ => Task.CompletedTask, new EndpointMetadataCollection((object[])Wrong[index]), "stray");

        InvalidOperationException? fault = Assert.Throws<InvalidOperationException>(() => SurfaceAudit.Check(new DefaultEndpointDataSource(endpoint)));

        Assert.That(fault!.Message, Does.Contain("stray"));
    }
}
