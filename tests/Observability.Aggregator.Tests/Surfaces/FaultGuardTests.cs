using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Aggregator.Surfaces;
using Observability.Storage;

namespace Observability.Aggregator.Tests.Surfaces;

internal sealed class FaultGuardTests
{
    [Test]
    public async Task Data_that_is_removed_while_it_is_read_is_told_so_and_may_be_asked_for_again()
    {
        (int status, string body) = await AnswerAsync(new DataRemovedException("partition 0123 was removed"));

        Assert.That((status, body), Is.EqualTo((503, """{"status":"error","errorType":"unavailable","error":"data was removed while it was read"}""")));
    }

    [Test]
    public async Task What_nobody_expected_says_nothing()
    {
        (int status, string body) = await AnswerAsync(new InvalidOperationException("a secret"));

        Assert.That((status, body), Is.EqualTo((500, """{"status":"error","errorType":"internal","error":"internal error"}""")));
    }

    private static async Task<(int Status, string Body)> AnswerAsync(Exception fault)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;

        await new FaultGuard(_ => Task.FromException(fault), NullLogger<FaultGuard>.Instance).InvokeAsync(context);

        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
