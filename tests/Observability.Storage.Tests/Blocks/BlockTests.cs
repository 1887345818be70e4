using CsCheck;
using Observability.Model;
using Observability.Storage.Blocks;

namespace Observability.Storage.Tests.Blocks;

internal sealed class BlockTests
{
    private static readonly TimeRange TwoHours = new(0, (2 * TestBlocks.HourMs) - 1);

    [Test]
    public void A_block_gives_back_what_was_written()
    {
        using var blocks = new TestBlocks();
        (long, double)[] busy = TestBlocks.Every(15_000, 1_000, 400, i => i * 0.125), ended = [(500, 7), (1_500, StaleMarker.Value)];

        BlockInfo info = blocks.Write(TwoHours, (TestBlocks.Labels("busy", ("pod", "a")), busy), (TestBlocks.Labels("ended", ("pod", "ä€😀")), ended));

        List<BlockSeries> selected = blocks.Select(TimeRange.All);
        Assert.Multiple(() =>
        {
            Assert.That(selected.Select(series => series.Labels), Is.EqualTo(new[] { TestBlocks.Labels("busy", ("pod", "a")), TestBlocks.Labels("ended", ("pod", "ä€😀")) }));
            Assert.That(TestBlocks.Samples(selected[0]), Is.EqualTo(busy));
            Assert.That(TestBlocks.Samples(selected[1]).Select(sample => BitConverter.DoubleToInt64Bits(sample.Value)),
                Is.EqualTo(new[] { BitConverter.DoubleToInt64Bits(7), StaleMarker.Bits }));
            Assert.That(selected[0].Range, Is.EqualTo(new TimeRange(1_000, 1_000 + (399 * 15_000))));
            Assert.That((info.Series, info.Samples, info.Range), Is.EqualTo((2L, 402L, TwoHours)));
            Assert.That(info.SizeBytes, Is.EqualTo(new[] { "index.bin", "data.bin" }.Sum(name => new FileInfo(Path.Combine(blocks.BlockPath(info), name)).Length)));
        });
    }

    [Test]
    public void Any_series_come_back_bit_for_bit_also_after_opening_anew()
    {
        Gen<(long, double)[]> samples = Gen.Select(Gen.Long[1, 100_000], Gen.Long.Select(BitConverter.Int64BitsToDouble)).Array[1, 40].Select(steps =>
        {
            long time = 0;
            return steps.Select(step => (time += step.Item1, step.Item2)).ToArray();
        });
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 1, 3], Gen.Int[0, 3], samples).Array[1, 12].Sample(series =>
        {
            using var blocks = new TestBlocks();
            (LabelSet Labels, (long TimeMs, double Value)[] Samples)[] written =
            [
                .. series.Select(one => (Labels: TestBlocks.Labels(one.Item1, ("pod", "p" + one.Item2)), Samples: one.Item3)).DistinctBy(one => one.Labels).OrderBy(one => one.Labels),
            ];
            blocks.Write(new TimeRange(0, 10_000_000), written);
            string before = blocks.Content();

            blocks.Reopen();

            string expected = string.Join('\n', written.Select(one =>
                $"{one.Labels} {string.Join(' ', one.Samples.Select(sample => $"{sample.TimeMs}:{BitConverter.DoubleToInt64Bits(sample.Value):x}"))}"));
            return before == expected && blocks.Content() == expected;
        }, iter: 30);
    }

    [Test]
    public void A_read_gives_the_samples_of_its_range_and_no_others()
    {
        using var blocks = new TestBlocks();
        LabelSet labels = TestBlocks.Labels("up");
        blocks.Write(TwoHours, (labels, TestBlocks.Every(10, 100, 5, i => i)));

        BlockSeries series = blocks.Select(TimeRange.All).Single();

        Assert.Multiple(() =>
        {
            Assert.That(TestBlocks.Samples(series, new TimeRange(110, 130)), Is.EqualTo(new[] { (110L, 1.0), (120, 2), (130, 3) }));
            Assert.That(TestBlocks.Samples(series, new TimeRange(111, 119)), Is.Empty);
            Assert.That(TestBlocks.Samples(series, new TimeRange(0, 99)), Is.Empty);
            Assert.That(TestBlocks.Samples(series, new TimeRange(141, 500)), Is.Empty);
            Assert.That(blocks.Select(new TimeRange(141, 500)), Is.Empty, "no sample in the range, no series");
        });
    }

    [Test]
    public void Runs_of_a_series_may_lie_in_several_columns_of_times_and_miss_rows()
    {
        using var blocks = new TestBlocks();
        using (BlockWriter writer = blocks.Blocks.BeginBlock(TwoHours))
        {
            int first = writer.AddTimes([10, 20, 30, 40]), second = writer.AddTimes([45, 55]);
            writer.BeginSeries(TestBlocks.Labels("a"));
            writer.AddRun(first, 0, [1]);
            writer.AddRun(first, 2, [3, 4]);
            writer.AddRun(second, 1, [6]);
            writer.Finish();
        }

        Assert.That(TestBlocks.Samples(blocks.Select(TimeRange.All).Single()).Select(sample => (sample.TimeMs, BitConverter.DoubleToInt64Bits(sample.Value))),
            Is.EqualTo(new[] { (10L, 1L), (30, 3), (40, 4), (55, 6) }));
    }

    [Test]
    public void What_a_writer_cannot_keep_is_refused()
    {
        using var blocks = new TestBlocks();
        using BlockWriter writer = blocks.Blocks.BeginBlock(new TimeRange(0, 100));
        int times = writer.AddTimes([10, 20, 30]);
        writer.BeginSeries(TestBlocks.Labels("b"));
        writer.AddRun(times, 1, [1]);

        Assert.Multiple(() =>
        {
            Assert.That(() => writer.AddTimes([]), Throws.ArgumentException);
            Assert.That(() => writer.AddTimes([20, 20]), Throws.ArgumentException, "times that do not rise");
            Assert.That(() => writer.AddTimes([20, 101]), Throws.ArgumentException, "outside the range");
            Assert.That(() => writer.AddRun(times, 1, [1]), Throws.ArgumentException, "overlaps the run before");
            Assert.That(() => writer.AddRun(times, 2, [1, 2]), Throws.InstanceOf<ArgumentException>(), "more rows than times");
            Assert.That(() => writer.BeginSeries(TestBlocks.Labels("a")), Throws.ArgumentException, "not in label order");
            Assert.That(() => writer.BeginSeries(TestBlocks.Labels("b")), Throws.ArgumentException, "twice the same");
        });
    }

    [Test]
    public void A_writer_without_samples_leaves_no_block_and_one_that_is_given_up_leaves_nothing()
    {
        using var blocks = new TestBlocks();
        using (BlockWriter empty = blocks.Blocks.BeginBlock(TwoHours))
        {
            empty.BeginSeries(TestBlocks.Labels("a"));
            Assert.That(empty.Finish(), Is.Null);
        }
        using (BlockWriter givenUp = blocks.Blocks.BeginBlock(TwoHours))
            TestBlocks.Fill(givenUp, (TestBlocks.Labels("a"), [(1, 1)]));

        Assert.That(Directory.GetFileSystemEntries(Path.Combine(blocks.Directory, "blocks")), Is.Empty);
        Assert.That(blocks.Blocks.Live, Is.Empty);
    }

    [Test]
    public void Series_that_are_sampled_together_share_their_times_on_disk()
    {
        var random = new Random(1);
        (long, double)[] together = [.. TestBlocks.Every(15_000, 0, 400, i => i).Select(sample => (sample.Item1 + random.Next(5_000), sample.Item2))];

        using var alone = new TestBlocks();
        using var shared = new TestBlocks();
        long one = alone.Write(TwoHours, (TestBlocks.Labels("a0"), together)).SizeBytes;
        long many = shared.Write(TwoHours, [.. Enumerable.Range(0, 20).Select(i => (TestBlocks.Labels($"a{i}"), together))]).SizeBytes;

        Assert.That(many - one, Is.LessThan(19 * 100), "a series of 400 samples more costs less than 100 bytes");
    }

    [Test]
    public void Blocks_of_one_partition_are_not_opened_as_anothers()
    {
        using var blocks = new TestBlocks();
        BlockInfo info = blocks.Write(TwoHours, (TestBlocks.Labels("a"), [(1, 1)]));

        Assert.That(() => Block.Open(blocks.BlockPath(info), TestStore.Globex), Throws.TypeOf<CorruptDataException>());
    }

    [Test]
    public void Equal_labels_have_equal_fingerprints_in_blocks_and_outside()
    {
        using var blocks = new TestBlocks();
        LabelSet labels = TestBlocks.Labels("a", ("pod", "ü"), ("namespace", "web"));
        blocks.Write(TwoHours, (labels, [(1, 1)]));

        Assert.Multiple(() =>
        {
            Assert.That(blocks.Select(TimeRange.All).Single().Fingerprint, Is.EqualTo(blocks.Blocks.FingerprintOf(labels)));
            Assert.That(blocks.Blocks.FingerprintOf(TestBlocks.Labels("a", ("pod", "ünamespace"))), Is.Not.EqualTo(blocks.Blocks.FingerprintOf(labels)));
        });
    }
}
