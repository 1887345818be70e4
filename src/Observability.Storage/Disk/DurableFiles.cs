using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Observability.Storage.Disk;

/// <summary>What a file system does for files that must survive: names synced with their folder, whole files replaced at once, hard links.</summary>
internal static class DurableFiles
{
    private const string Library = "libc";
    private const int ReadOnly = 0;

    /// <summary>Makes the names in a folder durable: new, renamed and removed ones.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS journals names by itself
        int file = Open(path, ReadOnly);
        if (file < 0)
            throw Failed("open", path);
        try
        {
            if (FSync(file) != 0)
                throw Failed("fsync", path);
        }
        finally
        {
            _ = Close(file);
        }
    }

    /// <summary>Puts a file in place of the one before: after a crash one of the two is there, whole.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string draft = path + ".new";
        using (Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(draft, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(draft, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!); // a file has a folder
    }

    /// <summary>A second name for a file that nobody changes any more. Both must be on one file system.</summary>
    public static void Link(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
            File.Copy(existing, name);
        else if (HardLink(existing, name) != 0)
            throw Failed("link", name);
    }

    private static IOException Failed(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} {path}: {new Win32Exception(error).Message}", error);
    }

    [DllImport(Library, EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport(Library, EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(int file);

    [DllImport(Library, EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int file);

    [DllImport(Library, EntryPoint = "link", SetLastError = true)]
    private static extern int HardLink([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
