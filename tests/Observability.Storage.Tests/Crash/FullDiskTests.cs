using System.Diagnostics;
using Observability.Model;
using Observability.Storage.Tests.Journal;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Crash;

/// <summary>A real disk that is full: a small file system of its own.</summary>
internal sealed class FullDiskTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private bool _isMounted;

    [SetUp]
    public void Mount()
    {
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", _folder.Path) is not 0)
            Assert.Ignore("Only root may mount a small file system here; JournalFileTests covers the reserve without one.");
        _isMounted = true;
    }

    public void Dispose()
    {
        if (_isMounted)
            _ = Run("umount", _folder.Path);
        _folder.Dispose();
    }

    [TestCase(0, TestName = "A_disk_that_runs_full_in_the_middle_of_a_batch_costs_that_batch_and_no_other")]
    [TestCase(512 * 1024, TestName = "A_disk_is_not_filled_beyond_its_reserve")]
    public async Task Fill(long reserve)
    {
        var options = new JournalOptions { ReserveBytes = reserve, SegmentBytes = 256 * 1024 };
        var acknowledged = new List<long>();
        File.WriteAllBytes(_folder["ballast"], new byte[600 * 1024]);
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder, options, TimeProvider.System, () => new DriveInfo(_folder.Path).AvailableFreeSpace))
        {
            JournalUnavailableException? refused = await FillAsync(journal, acknowledged);
            long free = new DriveInfo(_folder.Path).AvailableFreeSpace;

            Assert.That(refused?.Refusal, Is.EqualTo(JournalRefusal.DiskFull));
            Assert.That(journal.Journal.Unavailable?.Refusal, reserve == 0 ? Is.Null : Is.EqualTo(JournalRefusal.DiskFull));
            Assert.That(free, Is.InRange(reserve - (128 * 1024), reserve + (128 * 1024)), "a batch of 64 KiB at most is written between two looks");
            File.Delete(_folder["ballast"]);
            for (int i = 0; i < 3; i++)
                await WriteAsync(journal, acknowledged);
        }
        await using TestJournal next = await TestJournal.OpenAsync(_folder, options, TimeProvider.System, () => long.MaxValue);

        Assert.That(next.Report.Losses, Is.Empty);
        Assert.That(next.Replayed.Of(Acme).Select(sample => sample.TimestampMs).Distinct(), Is.EqualTo(acknowledged));
        Assert.That(next.Replayed.Of(Acme), Has.Length.EqualTo(acknowledged.Count * 5000));
    }

    private static async Task<JournalUnavailableException?> FillAsync(TestJournal journal, List<long> acknowledged)
    {
        for (int i = 0; i < 1000; i++)
        {
            try
            {
                await WriteAsync(journal, acknowledged);
            }
            catch (JournalUnavailableException exception)
            {
                return exception;
            }
        }
        return null;
    }

    private static async Task WriteAsync(TestJournal journal, List<long> acknowledged)
    {
        long time = acknowledged.Count + 1;
        LabelSet labels = Labels("a");
        await journal.WriteBitsAsync((Acme, [.. Enumerable.Range(0, 5000).Select(i => (labels, time, BitConverter.DoubleToInt64Bits(i / 3.0)))]));
        acknowledged.Add(time);
    }

    private static int? Run(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!; // a program that was found is started
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
