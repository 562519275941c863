using Serverless.Media.Sniffing;

namespace Serverless.Media;

/// <summary>Names a file by its first bytes, never by its extension.</summary>
public static class MediaSniffer
{
    /// <summary>How much of the beginning of a file <see cref="Sniff"/> wants to see.</summary>
    public const int HeadBytes = 16 * 1024;

    /// <param name="head">The first <see cref="HeadBytes"/> bytes, or the whole file if it is shorter.</param>
    /// <param name="length">Length of the whole file.</param>
    public static MediaVerdict Sniff(ReadOnlySpan<byte> head, long length)
    {
        if (length == 0)
        {
            return MediaVerdict.Refuse("application/x-empty", "an empty file");
        }
        if (head.IsEmpty)
        {
            throw new ArgumentException($"No bytes were given of a file of {length} bytes.", nameof(head));
        }

        return SignatureTable.Match(head) ?? Containers.Match(head) ?? TextSniffer.Sniff(head, complete: head.Length >= length);
    }
}
