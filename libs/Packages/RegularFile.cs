using System.Runtime.InteropServices;

namespace Serverless.Packages;

/// <summary>
/// Tells files from what else may stand in a folder: whoever opens a named pipe waits until somebody writes into it, and a device may have
/// no end. .NET names both files.
/// </summary>
public static partial class RegularFile
{
    private const int CurrentFolder = -100; // AT_FDCWD; statx(2)
    private const uint AskType = 1; // STATX_TYPE
    private const int TypeBits = 0xF000; // S_IFMT; inode(7)

    /// <summary>What is there instead of a file or a folder; null where it is one of these, or nothing. Links are followed.</summary>
    public static string? FindOther(string path)
    {
        if (!OperatingSystem.IsLinux() || Ask(CurrentFolder, path, 0, AskType, out Facts facts) != 0)
        {
            return null;
        }
        return (facts.Mode & TypeBits) switch
        {
            0x1000 => "a named pipe",
            0x2000 => "a character device",
            0x6000 => "a block device",
            0xC000 => "a socket",
            _ => null,
        };
    }

    /// <summary>Of struct statx, which is the same on all machines, the file's mode.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Facts
    {
        [FieldOffset(28)]
        public ushort Mode;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int flags, uint wanted, out Facts facts);
}
