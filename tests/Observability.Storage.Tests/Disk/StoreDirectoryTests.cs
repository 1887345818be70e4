using Microsoft.Extensions.Time.Testing;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Disk;

internal sealed class StoreDirectoryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_second_holder_is_refused_and_told_who_the_first_is()
    {
        using StoreDirectory first = StoreDirectory.Open(_folder.Path, _clock);

        Assert.That(() => StoreDirectory.Open(_folder.Path, _clock), Throws.InstanceOf<StoreDirectoryException>()
            .With.Message.Contains($"process {Environment.ProcessId} on {Environment.MachineName} since 2026-03-01T12:00:00Z"));
    }

    [Test]
    public void A_folder_that_was_given_back_can_be_taken_again()
    {
        StoreDirectory.Open(_folder.Path, _clock).Dispose();

        Assert.That(() => StoreDirectory.Open(_folder.Path, _clock).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_path_that_is_a_file_is_refused_with_its_name()
    {
        File.WriteAllText(_folder["file"], "");

        Assert.That(() => StoreDirectory.Open(_folder["file"], _clock), Throws.InstanceOf<StoreDirectoryException>().With.Message.Contains(_folder["file"]));
    }

    [Test]
    public void A_deleted_partition_that_comes_back_from_a_copy_is_removed_before_anything_is_served()
    {
        using var copy = new TestFolder();
        using (StoreDirectory directory = StoreDirectory.Open(_folder.Path, _clock))
        {
            File.WriteAllText(Path.Combine(directory.PartitionPath(Acme), "data"), "acme");
            File.WriteAllText(Path.Combine(directory.PartitionPath(Globex), "data"), "globex");
            TestFolder.Copy(directory.PartitionsPath, copy["partitions"]);
            directory.RecordDeletion(Acme);
            directory.Remove(Acme);
        }
        TestFolder.Copy(copy["partitions"], _folder["partitions"]);

        using StoreDirectory restored = StoreDirectory.Open(_folder.Path, _clock);

        Assert.That(restored.Partitions(), Is.EqualTo(new[] { Globex }));
    }

    [Test]
    public void A_deletion_that_was_recorded_and_not_carried_out_is_carried_out_at_the_next_start()
    {
        using (StoreDirectory directory = StoreDirectory.Open(_folder.Path, _clock))
        {
            _ = directory.PartitionPath(Acme);
            directory.RecordDeletion(Acme);
        }

        using StoreDirectory next = StoreDirectory.Open(_folder.Path, _clock);

        Assert.That(next.Partitions(), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(next.PartitionsPath), Is.Empty);
    }

    [Test]
    public void A_partition_born_after_the_deletion_of_its_tenant_stays_even_when_the_clock_was_set_back()
    {
        using (StoreDirectory directory = StoreDirectory.Open(_folder.Path, _clock))
            directory.RecordDeletion(Acme);
        using (StoreDirectory directory = StoreDirectory.Open(_folder.Path, new FakeTimeProvider(_clock.GetUtcNow() - TimeSpan.FromDays(1))))
            _ = directory.PartitionPath(Acme);

        using StoreDirectory next = StoreDirectory.Open(_folder.Path, _clock);

        Assert.That(next.Partitions(), Is.EqualTo(new[] { Acme }));
    }

    [Test]
    public void A_snapshots_deletions_add_to_those_made_since()
    {
        using (StoreDirectory directory = StoreDirectory.Open(_folder.Path, _clock))
        {
            directory.RecordDeletion(Acme);
            File.Copy(_folder["deleted.json"], _folder["deleted.snapshot.json"]);
            File.Delete(_folder["deleted.json"]);
        }

        using StoreDirectory next = StoreDirectory.Open(_folder.Path, _clock);
        next.RecordDeletion(Globex);

        Assert.That(next.DeletedBeforeMs(Acme), Is.Positive);
        Assert.That(next.DeletedBeforeMs(Globex), Is.GreaterThan(next.DeletedBeforeMs(Acme)));
    }

    [Test]
    public void A_damaged_list_of_deletions_stops_the_start()
    {
        File.WriteAllText(_folder["deleted.json"], "{");

        Assert.That(() => StoreDirectory.Open(_folder.Path, _clock), Throws.InstanceOf<StoreDirectoryException>().With.Message.Contains("deleted.json is damaged"));
        Assert.That(() => File.OpenHandle(_folder["lock"], FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing, "the lock is given back");
    }
}
