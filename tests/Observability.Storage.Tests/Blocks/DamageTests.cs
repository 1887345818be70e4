using Observability.Model;
using Observability.Storage.Blocks;
using Observability.Storage.Blocks.Selection;

namespace Observability.Storage.Tests.Blocks;

internal sealed class DamageTests
{
    private static readonly TimeRange Range = new(0, 999_999);

    [TestCase("index.bin", Category = "Long")]
    [TestCase("data.bin")]
    [TestCase("meta.json")]
    public void Every_bit_of_a_block_that_flips_is_noticed_or_harmless(string name)
    {
        using var blocks = new TestBlocks();
        BlockInfo info = WriteSmall(blocks);
        string path = Path.Combine(blocks.BlockPath(info), name);
        string expected = blocks.Content();
        byte[] whole = File.ReadAllBytes(path);
        int noticed = 0;

        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, damaged);
            if (ReadApart(blocks, info) is not { } read)
                noticed++;
            else
                Assert.That(read, Is.EqualTo(expected), $"bit {bit}");
        }

        Assert.That(noticed, Is.GreaterThan(whole.Length * 6), "most bits of a file matter");
    }

    [TestCase("index.bin")]
    [TestCase("data.bin")]
    [TestCase("meta.json")]
    public void A_file_cut_at_any_place_is_noticed(string name)
    {
        using var blocks = new TestBlocks();
        BlockInfo info = WriteSmall(blocks);
        string path = Path.Combine(blocks.BlockPath(info), name), expected = blocks.Content();
        byte[] whole = File.ReadAllBytes(path);

        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.That(ReadApart(blocks, info), Is.Null.Or.EqualTo(expected), $"{length} bytes");
        }
    }

    [Test]
    public void A_block_with_a_damaged_index_is_set_aside_and_the_rest_is_served()
    {
        using var blocks = new TestBlocks();
        BlockInfo bad = WriteSmall(blocks);
        blocks.Write(new TimeRange(1_000_000, 1_999_999), (TestBlocks.Labels("good"), [(1_000_000, 1)]));
        Flip(Path.Combine(blocks.BlockPath(bad), "index.bin"), 200);

        blocks.Reopen();

        Assert.That(blocks.Select(TimeRange.All).Select(series => series.Labels), Is.EqualTo(new[] { TestBlocks.Labels("good") }));
        Assert.That(Directory.Exists(Path.Combine(blocks.Directory, "quarantine", bad.Id)));
        Assert.That(Directory.Exists(blocks.BlockPath(bad)), Is.False);
        Assert.That(blocks.Blocks.SealedToMs, Is.EqualTo(1_999_999), "what was sealed stays sealed");
    }

    [Test]
    public void Damaged_data_ends_the_read_and_the_block_is_set_aside()
    {
        using var blocks = new TestBlocks();
        BlockInfo bad = WriteSmall(blocks);
        blocks.Write(new TimeRange(1_000_000, 1_999_999), (TestBlocks.Labels("good"), [(1_000_000, 1)]));
        Flip(Path.Combine(blocks.BlockPath(bad), "data.bin"), 10);
        blocks.Reopen(); // units are checked when they are read
        List<BlockSeries> selected = blocks.Select(TimeRange.All, Matcher.Equal(LabelNames.MetricName, "a"));
        var samples = new SampleColumns();
        samples.Add(1, 2);

        Assert.That(() => selected[0].Read(TimeRange.All, samples), Throws.TypeOf<CorruptDataException>());

        Assert.That(samples.Count, Is.EqualTo(1), "nothing of it was given out");
        Assert.That(() => selected[1].Read(TimeRange.All, samples), Throws.TypeOf<CorruptDataException>());
        Assert.That(blocks.Select(TimeRange.All).Select(series => series.Labels), Is.EqualTo(new[] { TestBlocks.Labels("good") }));
        Assert.That(Directory.Exists(Path.Combine(blocks.Directory, "quarantine", bad.Id)));
    }

    [Test]
    public void A_block_that_is_gone_from_disk_does_not_stop_the_rest()
    {
        using var blocks = new TestBlocks();
        BlockInfo gone = WriteSmall(blocks);
        blocks.Write(new TimeRange(1_000_000, 1_999_999), (TestBlocks.Labels("good"), [(1_000_000, 1)]));
        Directory.Delete(blocks.BlockPath(gone), recursive: true);

        blocks.Reopen();

        Assert.That(blocks.Select(TimeRange.All), Has.Count.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_lost_manifest_is_made_again_from_the_blocks(bool isDamaged)
    {
        using var blocks = new TestBlocks();
        WriteSmall(blocks);
        blocks.Write(new TimeRange(1_000_000, 1_999_999), (TestBlocks.Labels("good"), [(1_000_000, 1)]));
        string expected = blocks.Content(), manifest = Path.Combine(blocks.Directory, "manifest.json");
        if (isDamaged)
            Flip(manifest, 40);
        else
            File.Delete(manifest);

        blocks.Reopen();

        Assert.That(blocks.Content(), Is.EqualTo(expected));
        Assert.That(blocks.Blocks.SealedToMs, Is.EqualTo(1_999_999));
    }

    [Test]
    public void What_a_crash_left_of_a_writer_is_removed()
    {
        using var blocks = new TestBlocks();
        BlockInfo info = WriteSmall(blocks);
        string expected = blocks.Content();
        TestFolder.Copy(blocks.BlockPath(info), blocks.BlockPath(info) + ".new");      // died before the rename
        TestFolder.Copy(blocks.BlockPath(info), blocks.BlockPath(info)[..^1] + "-");   // died before the manifest

        blocks.Reopen();

        Assert.That(blocks.Content(), Is.EqualTo(expected));
        Assert.That(Directory.GetDirectories(Path.Combine(blocks.Directory, "blocks")), Has.Length.EqualTo(1));
    }

    private static BlockInfo WriteSmall(TestBlocks blocks) => blocks.Write(Range,
        (TestBlocks.Labels("a", ("pod", "x"), (LabelNames.Namespace, "web")), [(10, 1.5), (20, 2.25), (35, StaleMarker.Value)]),
        (TestBlocks.Labels("a", ("pod", "y"), (LabelNames.Namespace, "web")), [(10, 4), (20, 5), (35, 7)]),
        (TestBlocks.Labels("b", ("pod", "x"), (LabelNames.Namespace, "batch")), [(11, double.NaN), (21, Math.PI), (31, -0.0)]));

    /// <summary>What a block's files say to one who opens them now; null where the damage was noticed.</summary>
    private static string? ReadApart(TestBlocks blocks, BlockInfo info)
    {
        try
        {
            using var block = Block.Open(blocks.BlockPath(info), TestBlocks.Tenant);
            var reading = new BlockReading(block);
            var lines = new List<string>();
            for (int series = 0; series < block.Index.Series; series++)
            {
                var samples = new SampleColumns();
                reading.Read(series, TimeRange.All, samples);
                lines.Add(TestBlocks.Line(reading.LabelsOf(series), samples));
            }
            return string.Join('\n', lines);
        }
        catch (CorruptDataException)
        {
            return null;
        }
    }

    private static void Flip(string path, int position)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[position] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }
}
