using CsCheck;
using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Journal;

/// <summary>What one process writes, the next one reads.</summary>
internal sealed class JournalReplayTests : IDisposable
{
    private static readonly JournalOptions SmallSegments = new() { SegmentBytes = 1024 };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Samples_come_back_in_the_order_of_writing_with_their_labels()
    {
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder))
        {
            await journal.WriteAsync(Acme, (Labels("a", ("pod", "p")), 1000, 1.5), (Labels("b"), 1000, double.NaN), (Labels("a", ("pod", "p")), 1001, -0.0));
            await journal.WriteAsync(Globex, (Labels("a"), 5, double.PositiveInfinity));
            await journal.WriteAsync(Acme, (Labels("b"), 999, 0));
        }

        await using TestJournal next = await TestJournal.OpenAsync(_folder);

        Assert.That(next.Replayed.Of(Acme), Is.EqualTo(new[]
        {
            (Labels("a", ("pod", "p")), 1000L, BitConverter.DoubleToInt64Bits(1.5)), (Labels("b"), 1000L, BitConverter.DoubleToInt64Bits(double.NaN)),
            (Labels("a", ("pod", "p")), 1001L, BitConverter.DoubleToInt64Bits(-0.0)), (Labels("b"), 999L, 0L),
        }));
        Assert.That(next.Replayed.Of(Globex), Is.EqualTo(new[] { (Labels("a"), 5L, BitConverter.DoubleToInt64Bits(double.PositiveInfinity)) }));
        Assert.That(next.Report, Has.Property(nameof(JournalReplayReport.Samples)).EqualTo(5).And.Property(nameof(JournalReplayReport.Losses)).Empty);
    }

    private static readonly Gen<long> AnyBits = Gen.OneOf(
        Gen.Double.Select(BitConverter.DoubleToInt64Bits), Gen.Int[0, 1000].Select(value => BitConverter.DoubleToInt64Bits(value)),
        Gen.Long, Gen.OneOf(0L, StaleMarker.Bits, -1L, long.MinValue, BitConverter.DoubleToInt64Bits(double.NegativeInfinity)));

    private static readonly Gen<long> AnyTime = Gen.OneOf(Gen.Long[0, 100], Gen.Long[1_700_000_000_000, 1_700_000_100_000], Gen.Long[long.MinValue + 1, long.MaxValue]);

    private static readonly Gen<LabelSet> AnyLabels = Gen.Select(Gen.OneOf("a", "b", "ü", "a long name of a metric"), Gen.Int[0, 40], (string name, int pod) => Labels(name, ("pod", $"p{pod}")));

    [Test]
    public void Any_batches_come_back_bit_for_bit_over_any_number_of_segments_and_processes() =>
        Gen.Select(Gen.OneOf(Acme, Globex, TenantUid.System), Gen.Select(AnyLabels, AnyTime, AnyBits).Array[1, 40]).Array[1, 12].Array[1, 3]
            .Sample(processes =>
            {
                using var folder = new TestFolder();
                var written = new Dictionary<TenantUid, List<(LabelSet, long, long)>>();
                foreach ((TenantUid Partition, (LabelSet, long, long)[] Samples)[] batches in processes)
                {
                    TestJournal journal = TestJournal.OpenAsync(folder, SmallSegments).GetAwaiter().GetResult();
                    foreach ((TenantUid partition, (LabelSet, long, long)[] samples) in batches)
                    {
                        journal.WriteBitsAsync((partition, samples)).GetAwaiter().GetResult();
                        if (!written.TryGetValue(partition, out List<(LabelSet, long, long)>? list))
                            written.Add(partition, list = []);
                        list.AddRange(samples);
                    }
                    journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
                }
                TestJournal last = TestJournal.OpenAsync(folder).GetAwaiter().GetResult();
                bool same = written.All(partition => last.Replayed.Of(partition.Key).SequenceEqual(partition.Value)) && last.Report.Losses.Count == 0;
                last.DisposeAsync().AsTask().GetAwaiter().GetResult();
                return same;
            }, iter: 60);

    [Test]
    public async Task Replaying_twice_gives_the_same()
    {
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder, SmallSegments))
        {
            for (int i = 0; i < 100; i++)
                await journal.WriteAsync(Acme, (Labels("a", ("pod", $"p{i % 7}")), i, i * 0.1));
        }
        (LabelSet, long, long)[] first;
        await using (TestJournal once = await TestJournal.OpenAsync(_folder))
            first = once.Replayed.Of(Acme);

        await using TestJournal twice = await TestJournal.OpenAsync(_folder);

        Assert.That(first, Has.Length.EqualTo(100));
        Assert.That(twice.Replayed.Of(Acme), Is.EqualTo(first));
    }

    [Test]
    public async Task Every_segment_stands_alone()
    {
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder, SmallSegments))
        {
            for (int i = 0; i < 300; i++)
                await journal.WriteAsync(Acme, (Labels("a"), i, i));
        }
        string[] segments = TestJournal.Segments(_folder);
        Assert.That(segments, Has.Length.GreaterThan(3));
        foreach (string segment in segments[..^1])
            File.Delete(segment);

        await using TestJournal next = await TestJournal.OpenAsync(_folder);

        Assert.That(next.Replayed.Of(Acme), Is.Not.Empty);
        Assert.That(next.Replayed.Of(Acme)[^1], Is.EqualTo((Labels("a"), 299L, BitConverter.DoubleToInt64Bits(299))));
    }

    [Test]
    public async Task A_journal_cut_at_any_byte_of_its_last_record_keeps_all_before_it_and_says_what_is_lost()
    {
        (byte[] content, int lastBatch) = await WriteTwoBatchesAsync();
        string segment = TestJournal.Segments(_folder)[0];
        for (int length = lastBatch; length < content.Length; length++)
        {
            File.WriteAllBytes(segment, content[..length]);
            await using TestJournal next = await TestJournal.OpenAsync(_folder);

            Assert.That(next.Replayed.Of(Acme), Has.Length.EqualTo(2), $"cut at {length}");
            // Between two records nothing shows that a third was meant to follow.
            Assert.That(next.Report.LostBytes, Is.EqualTo(length - new FileInfo(segment).Length), $"cut at {length}");
            Assert.That(new FileInfo(segment).Length, Is.GreaterThanOrEqualTo(lastBatch).And.LessThanOrEqualTo(length));
        }
    }

    [Test]
    public async Task A_journal_with_any_bit_of_its_last_record_flipped_keeps_all_before_it_and_gives_nothing_wrong()
    {
        (byte[] content, int lastBatch) = await WriteTwoBatchesAsync();
        string segment = TestJournal.Segments(_folder)[0];
        for (int bit = lastBatch * 8; bit < content.Length * 8; bit++)
        {
            byte[] damaged = [.. content];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(segment, damaged);
            await using TestJournal next = await TestJournal.OpenAsync(_folder);

            Assert.That(next.Replayed.Of(Acme), Has.Length.EqualTo(2), $"bit {bit}");
            Assert.That(next.Report.Losses, Has.Count.EqualTo(1), $"bit {bit}");
            Assert.That(next.Report.Losses[0], Has.Property(nameof(JournalLoss.IsTail)).True.And.Property(nameof(JournalLoss.File)).EqualTo(segment));
        }
    }

    [Test]
    public async Task Damage_in_an_older_segment_costs_the_rest_of_that_segment_alone_and_a_copy_of_it_stays()
    {
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder, SmallSegments))
        {
            for (int i = 0; i < 300; i++)
                await journal.WriteAsync(Acme, (Labels("a"), i, i));
        }
        string[] segments = TestJournal.Segments(_folder);
        byte[] content = File.ReadAllBytes(segments[1]);
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(segments[1], content);

        int left;
        await using (TestJournal next = await TestJournal.OpenAsync(_folder))
        {
            left = next.Replayed.Of(Acme).Length;
            Assert.That(left, Is.InRange(200, 299));
            Assert.That(next.Replayed.Of(Acme)[^1].TimestampMs, Is.EqualTo(299));
            Assert.That(next.Report.Losses, Has.Count.EqualTo(1));
            Assert.That(next.Report.Losses[0], Has.Property(nameof(JournalLoss.IsTail)).False.And.Property(nameof(JournalLoss.Bytes)).Positive);
        }
        await using TestJournal again = await TestJournal.OpenAsync(_folder);

        Assert.That(again.Report.Losses, Is.Empty, "a loss is reported once");
        Assert.That(again.Replayed.Of(Acme), Has.Length.EqualTo(left));
        Assert.That(File.ReadAllBytes(segments[1] + ".corrupt"), Is.EqualTo(content));
    }

    [Test]
    public async Task A_segment_of_a_newer_version_stops_the_start_and_is_not_touched()
    {
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder))
            await journal.WriteAsync(Acme, (Labels("a"), 1, 1));
        string segment = TestJournal.Segments(_folder)[0];
        var header = new FrameWriter();
        header.Begin(FrameType.Segment);
        header.Raw("OBSJ"u8);
        header.Raw([2]);
        header.Number(1);
        header.Signed(1);
        header.End();
        File.WriteAllBytes(segment, header.Written.ToArray());

        Assert.That(async () => await TestJournal.OpenAsync(_folder), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("version 2"));
        Assert.That(File.ReadAllBytes(segment), Is.EqualTo(header.Written.ToArray()));
    }

    [Test]
    public async Task What_a_tenant_had_before_its_deletion_is_not_given_back_and_what_it_has_since_is()
    {
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder))
        {
            await journal.WriteAsync(Acme, (Labels("a"), 1, 1));
            await journal.WriteAsync(Globex, (Labels("a"), 1, 1));
            journal.Directory.RecordDeletion(Acme);
            await journal.Journal.RollAsync();
            await journal.WriteAsync(Acme, (Labels("a"), 2, 2));
        }

        await using TestJournal next = await TestJournal.OpenAsync(_folder);

        Assert.That(next.Replayed.Of(Acme).Select(sample => sample.TimestampMs), Is.EqualTo(new[] { 2L }));
        Assert.That(next.Replayed.Of(Globex), Has.Length.EqualTo(1));
    }

    private async Task<(byte[] Content, int LastBatch)> WriteTwoBatchesAsync()
    {
        int lastBatch;
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder))
        {
            await journal.WriteAsync(Acme, (Labels("a"), 1_000, 1.25), (Labels("b"), 1_000, 2.5));
            lastBatch = (int)journal.Journal.SizeBytes;
            await journal.WriteAsync(Acme, (Labels("a"), 2_000, 3.75), (Labels("b"), 2_000, 1 / 3.0));
        }
        return (File.ReadAllBytes(TestJournal.Segments(_folder)[0]), lastBatch);
    }
}
