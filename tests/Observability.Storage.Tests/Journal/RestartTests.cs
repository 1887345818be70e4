using Microsoft.Extensions.Time.Testing;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Journal;

/// <summary>A store whose process ended without a word has what it acknowledged.</summary>
internal sealed class RestartTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task What_was_acknowledged_is_there_after_a_restart_and_goes_on()
    {
        long nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using (DurableStore first = await StartAsync())
        {
            await first.WriteAsync(Acme, Labels("up", ("namespace", "web")), (nowMs, 1), (nowMs + 15, double.NaN));
            await first.WriteAsync(Globex, Labels("up"), (nowMs, 3));
        }
        await using (DurableStore second = await StartAsync())
        {
            await second.WriteAsync(Acme, Labels("new"), (nowMs, 5));
            await second.WriteAsync(Acme, Labels("up", ("namespace", "web")), (nowMs + 30, 4));
        }

        await using DurableStore third = await StartAsync();

        Assert.That(third.Read(Acme), Is.EqualTo(new[]
        {
            ("new{}", nowMs, 5.0), ("up{namespace=\"web\"}", nowMs, 1.0), ("up{namespace=\"web\"}", nowMs + 15, double.NaN), ("up{namespace=\"web\"}", nowMs + 30, 4.0),
        }));
        Assert.That(third.Read(Globex), Is.EqualTo(new[] { ("up{}", nowMs, 3.0) }));
    }

    [Test]
    public async Task A_full_disk_refuses_what_comes_keeps_what_it_has_and_takes_again_when_there_is_room()
    {
        long nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        long free = 1 << 30;
        await using DurableStore process = await StartAsync(() => free);
        await process.WriteAsync(Acme, Labels("up"), (nowMs, 1));
        free = 1000;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(async () => await process.WriteAsync(Acme, Labels("up"), (nowMs + 1, 2)), Throws.InstanceOf<JournalUnavailableException>());
        Assert.That(process.Read(Acme), Is.EqualTo(new[] { ("up{}", nowMs, 1.0) }));
        free = 1 << 30;
        await process.WriteAsync(Acme, Labels("up"), (nowMs + 1, 2));

        Assert.That(process.Read(Acme), Has.Length.EqualTo(2));
    }

    private Task<DurableStore> StartAsync(Func<long>? freeBytes = null) => DurableStore.StartAsync(_folder, _clock, freeBytes);
}
