using CsCheck;
using Observability.Model;
using Observability.Storage.Blocks;

namespace Observability.Storage.Tests.Blocks;

internal sealed class LifecycleTests
{
    private const long Hour = TestBlocks.HourMs;

    [Test]
    public void Blocks_become_one_of_six_hours_and_then_of_a_day()
    {
        using var blocks = new TestBlocks();
        for (int i = 0; i < 13; i++)
            WriteTwoHours(blocks, i);
        string expected = blocks.Content();

        int merges = 0;
        while (blocks.Blocks.MergeNext(CancellationToken.None))
            merges++;

        Assert.Multiple(() =>
        {
            Assert.That(merges, Is.EqualTo(5));
            Assert.That(blocks.Blocks.Live.Select(block => block.Range),
                Is.EqualTo(new[] { new TimeRange(0, (24 * Hour) - 1), new TimeRange(24 * Hour, (26 * Hour) - 1) }));
            Assert.That(blocks.Content(), Is.EqualTo(expected));
            Assert.That(Directory.GetDirectories(Path.Combine(blocks.Directory, "blocks")), Has.Length.EqualTo(2));
        });
        blocks.Reopen();
        Assert.That(blocks.Content(), Is.EqualTo(expected));
    }

    [Test]
    public void The_range_that_is_still_filling_is_not_merged()
    {
        using var blocks = new TestBlocks();
        WriteTwoHours(blocks, 0);
        WriteTwoHours(blocks, 1);

        Assert.That(blocks.Blocks.MergeNext(CancellationToken.None), Is.False);
    }

    [Test]
    public void Any_blocks_read_the_same_before_and_after_their_merge()
    {
        // Few series, few times: they overlap, repeat and interleave.
        Gen<(int Series, int[] Times)> run = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40].Array[1, 6]);
        Gen.Select(run.Array[1, 4], run.Array[1, 4], run.Array[1, 4]).Sample((first, second, third) =>
        {
            using var blocks = new TestBlocks();
            foreach ((int Series, int[] Times)[] block in new[] { first, second, third })
            {
                blocks.Write(new TimeRange(0, (2 * Hour) - 1), [.. block.DistinctBy(one => one.Series).Select(one =>
                    (TestBlocks.Labels("m" + one.Series), one.Times.Distinct().Order().Select(time => ((long)time, time * 0.5)).ToArray()))]);
            }
            WriteTwoHours(blocks, 1);
            string expected = blocks.Content();

            bool isMerged = blocks.Blocks.MergeNext(CancellationToken.None);

            return isMerged && blocks.Blocks.Live.Count == 2 && blocks.Content() == expected;
        }, iter: 25);
    }

    [Test]
    public void Series_share_their_times_after_a_merge_as_before()
    {
        using var blocks = new TestBlocks();
        for (int i = 0; i < 4; i++)
            WriteTwoHours(blocks, i);
        long before = blocks.Blocks.Live.Take(3).Sum(block => block.SizeBytes);

        blocks.Blocks.MergeNext(CancellationToken.None);

        Assert.That(blocks.Blocks.Live[0].SizeBytes, Is.LessThan(before * 2 / 3));
    }

    [Test]
    public void Who_selected_before_a_merge_reads_on()
    {
        using var blocks = new TestBlocks();
        for (int i = 0; i < 4; i++)
            WriteTwoHours(blocks, i);
        BlockSeries selected = blocks.Select(TimeRange.All)[0];
        (long, double)[] expected = TestBlocks.Samples(selected);

        blocks.Blocks.MergeNext(CancellationToken.None);

        Assert.That(TestBlocks.Samples(selected), Is.EqualTo(expected));
        blocks.Clock.Advance(TimeSpan.FromMinutes(6));
        blocks.Blocks.MergeNext(CancellationToken.None);
        Assert.That(() => TestBlocks.Samples(selected), Throws.TypeOf<DataRemovedException>(), "the old files are closed after a while");
    }

    [Test]
    public void Retention_removes_what_is_too_old()
    {
        using var blocks = new TestBlocks();
        for (int i = 0; i < 3; i++)
            WriteTwoHours(blocks, i);

        int removed = blocks.Blocks.ApplyRetention(oldestMs: 4 * Hour, long.MaxValue);

        Assert.That(removed, Is.EqualTo(2));
        Assert.That(blocks.Blocks.Live.Single().Range.FromMs, Is.EqualTo(4 * Hour));
        Assert.That(Directory.GetDirectories(Path.Combine(blocks.Directory, "blocks")), Has.Length.EqualTo(1));
        blocks.Reopen();
        Assert.That(blocks.Blocks.Live, Has.Count.EqualTo(1));
        Assert.That(blocks.Blocks.SealedToMs, Is.EqualTo((6 * Hour) - 1));
    }

    [Test]
    public void Retention_removes_the_oldest_until_the_rest_fits()
    {
        using var blocks = new TestBlocks();
        for (int i = 0; i < 4; i++)
            WriteTwoHours(blocks, i);
        long newestTwo = blocks.Blocks.Live.Skip(2).Sum(block => block.SizeBytes);

        blocks.Blocks.ApplyRetention(long.MinValue, maxBytes: newestTwo);

        Assert.That(blocks.Blocks.Live.Select(block => block.Range.FromMs), Is.EqualTo(new[] { 4 * Hour, 6 * Hour }));
        Assert.That(blocks.Blocks.SizeBytes, Is.EqualTo(newestTwo));
    }

    [Test]
    public void Who_reads_a_partition_that_was_closed_ends_with_an_error()
    {
        using var blocks = new TestBlocks();
        WriteTwoHours(blocks, 0);
        BlockSeries labelsKnown = blocks.Select(TimeRange.All)[0];
        BlockWriter writer = blocks.Blocks.BeginBlock(new TimeRange(2 * Hour, (4 * Hour) - 1));
        TestBlocks.Fill(writer, (TestBlocks.Labels("late"), [(2 * Hour, 1)]));

        blocks.Blocks.Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(() => TestBlocks.Samples(labelsKnown), Throws.TypeOf<DataRemovedException>());
            Assert.That(() => blocks.Select(TimeRange.All), Throws.TypeOf<DataRemovedException>());
            Assert.That(() => writer.Finish(), Throws.TypeOf<DataRemovedException>());
        });
        writer.Dispose();
    }

    [Test]
    public async Task Readers_of_partitions_that_are_merged_and_closed_read_the_truth_or_an_error()
    {
        using var blocks = new TestBlocks();
        for (int i = 0; i < 7; i++)
            WriteTwoHours(blocks, i);
        string expected = blocks.Content();
        var started = new TaskCompletionSource();

        Task<(int Good, int Ended)>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            int good = 0;
            while (true)
            {
                try
                {
                    Assert.That(blocks.Content(), Is.EqualTo(expected));
                    if (++good == 3)
                        started.TrySetResult();
                }
                catch (DataRemovedException)
                {
                    return (good, 1);
                }
            }
        }))];
        await started.Task;
        while (blocks.Blocks.MergeNext(CancellationToken.None))
            blocks.Clock.Advance(TimeSpan.FromMinutes(1));
        blocks.Blocks.Dispose();

        foreach ((int good, int ended) in await Task.WhenAll(readers))
            Assert.That((good > 0, ended), Is.EqualTo((true, 1)));
    }

    /// <summary>Ten series, of which eight are sampled together, for two hours.</summary>
    private static void WriteTwoHours(TestBlocks blocks, int number)
    {
        var random = new Random(number);
        long fromMs = number * 2 * Hour;
        (long TimeMs, double Value)[] together = [.. TestBlocks.Every(15_000, fromMs, 200, i => i).Select(sample => (sample.Item1 + random.Next(9_000), sample.Item2))];
        blocks.Write(new TimeRange(fromMs, fromMs + (2 * Hour) - 1),
        [
            .. Enumerable.Range(0, 8).Select(i => (TestBlocks.Labels($"m{i}", ("pod", "a")), together.Select(sample => (sample.TimeMs, sample.Value * i)).ToArray())),
            (TestBlocks.Labels("m1", ("pod", "b")), TestBlocks.Every(60_000, fromMs + number, 100, i => i % 7)),
            (TestBlocks.Labels("m9", ("pod", "only-" + number)), TestBlocks.Every(1, fromMs, 3, i => i)),
        ]);
    }
}
