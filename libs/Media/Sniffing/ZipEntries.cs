using System.Buffers.Binary;

namespace Serverless.Media.Sniffing;

/// <summary>The names of entries that the start and the end of a ZIP archive tell (APPNOTE.TXT 6.3.10, §4.3). Reads nothing between
/// them, trusts no length, and stops where the parts that were given stop.</summary>
internal static class ZipEntries
{
    private const int LocalHeaderBytes = 30;
    private const int DirectoryHeaderBytes = 46;
    private const int EndBytes = 22;

    /// <param name="tail">The last bytes of the archive; may be those of the head.</param>
    public static List<string> NamesIn(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        List<string> names = [];
        ReadLocalHeaders(head, names);
        ReadDirectory(tail, names);
        return names;
    }

    // Entries follow one another; one whose size stands behind its content hides the next.
    private static void ReadLocalHeaders(ReadOnlySpan<byte> head, List<string> names)
    {
        while (head.Length > LocalHeaderBytes && head.StartsWith("PK\u0003\u0004"u8))
        {
            bool sizeFollows = (head[6] & 8) != 0;
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(head[18..]);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(head[26..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(head[28..]);
            names.Add(NameAt(head, LocalHeaderBytes, nameLength));
            long next = (long)LocalHeaderBytes + nameLength + extraLength + size;
            head = sizeFollows || next > head.Length ? default : head[(int)next..];
        }
    }

    // Where the directory starts before the tail, its first entry in the tail is found by its signature.
    private static void ReadDirectory(ReadOnlySpan<byte> tail, List<string> names)
    {
        int end = tail.LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || tail.Length - end < EndBytes)
        {
            return;
        }
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(tail[(end + 12)..]);
        ReadOnlySpan<byte> directory = size <= end ? tail[(end - (int)size)..end] : tail[..end];
        int first = directory.IndexOf("PK\u0001\u0002"u8);
        directory = first < 0 ? default : directory[first..];
        while (directory.Length > DirectoryHeaderBytes && directory.StartsWith("PK\u0001\u0002"u8))
        {
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
            names.Add(NameAt(directory, DirectoryHeaderBytes, nameLength));
            int next = DirectoryHeaderBytes + nameLength + extraLength + commentLength;
            directory = directory[Math.Min(next, directory.Length)..];
        }
    }

    private static string NameAt(ReadOnlySpan<byte> bytes, int at, int length) =>
        Containers.Printable(bytes.Slice(at, Math.Min(length, bytes.Length - at)));
}
