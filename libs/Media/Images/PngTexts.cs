using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Serverless.Media.Images;

/// <summary>
/// Counts what the compressed texts of a PNG inflate to (PNG, third edition, §11.3.3): decoders keep them all, 98 of 45 MB each in a file
/// of 5 MB, before the first pixel is looked at.
/// </summary>
internal static class PngTexts
{
    private const int SignatureBytes = 8,
        HeadBytes = 8, // length and type
        TailBytes = 4; // its checksum

    /// <summary>At least as many bytes as there are, or more than so many.</summary>
    public static long Count(ReadOnlyMemory<byte> png, long most)
    {
        long bytes = 0;
        for (ReadOnlyMemory<byte> rest = png[Math.Min(SignatureBytes, png.Length)..]; rest.Length >= HeadBytes && bytes <= most; )
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
            ReadOnlyMemory<byte> data = rest.Slice(HeadBytes, (int)Math.Min(length, rest.Length - HeadBytes));
            if (FindCompressed(rest.Span.Slice(4, 4), data.Span) is { } at)
            {
                bytes += Inflate(data[at..], most - bytes);
            }
            rest = rest[(int)Math.Min(HeadBytes + (long)length + TailBytes, rest.Length)..];
        }
        return bytes;
    }

    /// <summary>Where compressed data begins in a chunk; null where there is none.</summary>
    private static int? FindCompressed(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        int keyword = data.IndexOf((byte)0);
        if (keyword < 0 || keyword + 3 > data.Length)
        {
            return null;
        }
        if (type.SequenceEqual("zTXt"u8))
        {
            return keyword + 2;
        }
        if (!type.SequenceEqual("iTXt"u8) || data[keyword + 1] == 0)
        {
            return null;
        }
        // A language and the keyword in it stand before the text.
        int language = data[(keyword + 3)..].IndexOf((byte)0);
        int translated = language < 0 ? -1 : data[(keyword + 4 + language)..].IndexOf((byte)0);
        return translated < 0 ? null : keyword + 5 + language + translated;
    }

    private static unsafe long Inflate(ReadOnlyMemory<byte> compressed, long most)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        long bytes = 0;
        try
        {
            using MemoryHandle pinned = compressed.Pin();
            using UnmanagedMemoryStream bare = new((byte*)pinned.Pointer, compressed.Length);
            using ZLibStream inflating = new(bare, CompressionMode.Decompress);
            for (int read = 1; read > 0 && bytes <= most; bytes += read)
            {
                read = inflating.Read(buffer);
            }
        }
        catch (InvalidDataException)
        {
            // What comes before the damage is what decoders can have of it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return bytes;
    }
}
