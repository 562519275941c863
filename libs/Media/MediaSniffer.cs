using Serverless.Media.Sniffing;

namespace Serverless.Media;

/// <summary>Names a file by its first bytes, never by its extension.</summary>
public static class MediaSniffer
{
    /// <summary>How much of the beginning of a file <see cref="Sniff"/> wants to see.</summary>
    public const int HeadBytes = 16 * 1024;

    /// <summary>How much of the end <see cref="Sniff"/> wants to see where <see cref="WantsTail"/> says so.</summary>
    public const int TailBytes = 16 * 1024;

    /// <summary>Whether only the end of the file tells what it is, as with documents that are archives underneath.</summary>
    public static bool WantsTail(ReadOnlySpan<byte> head, long length) => ZipPackages.IsZip(head) && head.Length < length;

    /// <summary>Of a file that is whole in memory.</summary>
    public static MediaVerdict Sniff(ReadOnlySpan<byte> file) =>
        Sniff(file[..Math.Min(file.Length, HeadBytes)], file.Length, file[^Math.Min(file.Length, TailBytes)..]);

    /// <param name="head">The first <see cref="HeadBytes"/> bytes, or the whole file if it is shorter.</param>
    /// <param name="length">Length of the whole file.</param>
    /// <param name="tail">The last <see cref="TailBytes"/> bytes where they are wanted and at hand; the verdict is less exact
    /// without.</param>
    public static MediaVerdict Sniff(ReadOnlySpan<byte> head, long length, ReadOnlySpan<byte> tail = default)
    {
        if (length == 0)
        {
            return MediaVerdict.Refuse("application/x-empty", "an empty file");
        }
        if (head.IsEmpty)
        {
            throw new ArgumentException($"No bytes were given of a file of {length} bytes.", nameof(head));
        }

        tail = head.Length >= length ? head : tail;
        return SignatureTable.Match(head) ?? Containers.Match(head, tail) ?? TextSniffer.Sniff(head, complete: head.Length >= length);
    }
}
