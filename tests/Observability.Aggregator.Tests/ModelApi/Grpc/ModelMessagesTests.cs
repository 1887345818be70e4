using Grpc.Core;
using Observability.Aggregator.ModelApi;
using Observability.Aggregator.ModelApi.Grpc;
using Observability.Protocol.V1;

namespace Observability.Aggregator.Tests.ModelApi.Grpc;

public sealed class ModelMessagesTests
{
    private static readonly TestCaseData<ModelObject, string>[] Impossible =
    [
        new(new ModelObject { Pod = "p" }, "object.pod"),
        new(new ModelObject { Namespace = "n", Container = "c" }, "object.container"),
        new(new ModelObject { Node = "n1", Namespace = "n" }, "object.node"),
    ];

    [TestCaseSource(nameof(Impossible))]
    public void An_object_that_cannot_be_meant_names_its_field(ModelObject named, string field) =>
        Assert.That(() => ModelMessages.Path(named), Throws.TypeOf<RpcException>()
            .With.Property("StatusCode").EqualTo(StatusCode.InvalidArgument).And.Property("Status").Property("Detail").StartsWith(field + ":"));

    [Test]
    public void No_object_is_everything() => Assert.That(ModelMessages.Path(null), Is.EqualTo(ObjectPath.Everything));

    [Test]
    public void A_range_of_zeroes_is_the_longest_up_to_now() =>
        Assert.That(ModelMessages.Range(new GetRangeRequest(), 100_000_000, new ModelOptions()), Is.EqualTo(new Observability.Model.TimeRange(13_600_000, 100_000_000)));

    [Test]
    public void A_wrong_time_names_its_field() =>
        Assert.That(() => ModelMessages.Range(new GetRangeRequest { EndMs = -1 }, 1, new ModelOptions()),
            Throws.TypeOf<RpcException>().With.Property("Status").Property("Detail").StartsWith("end_ms:"));
}
