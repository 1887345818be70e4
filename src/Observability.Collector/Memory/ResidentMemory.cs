using System.Globalization;
using System.Runtime.InteropServices;

namespace Observability.Collector.Memory;

/// <summary>
/// Keeps what the process holds in memory near what it uses: gives back what starting and growing left behind. For a process of its own
/// (<c>Program</c>), not for a collector within another one. Linux with glibc; elsewhere only the managed heap is given back.
/// </summary>
internal static partial class ResidentMemory
{
    private const int ArenaMax = -8; // M_ARENA_MAX of <malloc.h>
    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD
    private const int MmapThresholdBytes = 128 << 10;
    private const int DontNeed = 4; // MADV_DONTNEED of <sys/mman.h>

    /// <summary>The pages of a start are read within seconds, the last tables grow at the second scrape; later there is little to find.</summary>
    private static readonly TimeSpan[] Starting = [TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    /// <summary>At the start of the process, ahead of all else: one arena instead of one a thread, large pieces given back when freed.</summary>
    internal static void Configure()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetMallocOption(ArenaMax, 1);
            _ = SetMallocOption(MmapThreshold, MmapThresholdBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // Another libc.
        }
    }

    /// <summary>Gives memory back now and then, until cancelled.</summary>
    internal static async Task KeepLowAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        for (int round = 0; !cancellationToken.IsCancellationRequested; round++)
        {
            await Task.Delay(round < Starting.Length ? Starting[round] : Settled, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellationToken.IsCancellationRequested)
                GiveBack();
        }
    }

    /// <summary>
    /// Compacts the heap, empties malloc's free lists, and unmaps the code of the program and its libraries, which stays in the page cache:
    /// what only the start used stays out, the rest comes back as it is used, without being read from disk.
    /// </summary>
    internal static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = TrimMalloc(0);
            foreach (string line in File.ReadLines("/proc/self/maps"))
                if (TryReadCode(line, out nuint start, out nuint length))
                    _ = Advise(start, length, DontNeed);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or IOException or UnauthorizedAccessException)
        {
            // Another libc, or no /proc: memory stays as it is.
        }
    }

    /// <summary>
    /// Reads the range of a line of <c>/proc/PID/maps</c>, if it is executable code of a file: such pages equal the file's, so that dropping
    /// them loses nothing. Read-only data is no such thing: its pages may have been relocated.
    /// </summary>
    internal static bool TryReadCode(string line, out nuint start, out nuint length)
    {
        start = length = 0;
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 6 || parts[1] != "r-xp" || !parts[5].StartsWith('/'))
            return false;
        string[] range = parts[0].Split('-');
        if (range.Length != 2 || !nuint.TryParse(range[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out start) ||
            !nuint.TryParse(range[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint end) || end <= start)
            return false;
        length = end - start;
        return true;
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimMalloc(nuint pad);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
