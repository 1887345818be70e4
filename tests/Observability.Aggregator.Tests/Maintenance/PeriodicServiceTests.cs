using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Observability.Aggregator.Maintenance;

namespace Observability.Aggregator.Tests.Maintenance;

[CancelAfter(60_000)]
public class PeriodicServiceTests
{
    [Test]
    public async Task It_ends_without_a_failure_also_where_it_is_disposed_without_being_stopped(CancellationToken cancellationToken)
    {
        var service = new Turns(new FakeTimeProvider());
        await service.StartAsync(cancellationToken);
        await service.Begun.Reader.ReadAsync(cancellationToken);

        service.Go.Writer.TryWrite(null);
        service.Dispose();

        await Assert.ThatAsync(() => service.ExecuteTask!.WaitAsync(cancellationToken), Throws.Nothing);
    }

    [Test]
    public async Task A_turn_that_fails_costs_that_turn_alone_though_it_says_that_it_was_cancelled(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        using var service = new Turns(time);
        await service.StartAsync(cancellationToken);
        await service.Begun.Reader.ReadAsync(cancellationToken);

        service.Go.Writer.TryWrite(new OperationCanceledException("of something else"));

        Assert.That(await service.Faults.Reader.ReadAsync(cancellationToken), Is.InstanceOf<OperationCanceledException>());
        time.Advance(TimeSpan.FromSeconds(1));
        await service.Begun.Reader.ReadAsync(cancellationToken);
        service.Go.Writer.TryWrite(null);
    }

    private sealed class Turns(TimeProvider time) : PeriodicService(TimeSpan.FromSeconds(1), time)
    {
        public Channel<bool> Begun { get; } = Channel.CreateUnbounded<bool>();

        /// <summary>Ends the turn: in order, or with an exception.</summary>
        public Channel<Exception?> Go { get; } = Channel.CreateUnbounded<Exception?>();

        public Channel<Exception> Faults { get; } = Channel.CreateUnbounded<Exception>();

        protected override bool StartsAtOnce => true;

        protected override async Task TurnAsync(CancellationToken stoppingToken)
        {
            Begun.Writer.TryWrite(true);
            if (await Go.Reader.ReadAsync(CancellationToken.None) is { } fault)
                throw fault;
        }

        protected override void Failed(Exception exception) => Faults.Writer.TryWrite(exception);
    }
}
