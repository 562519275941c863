using System.Buffers.Binary;
using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>
/// Bounds a zip archive's directory before a reader makes an object of each of its entries. Reads the records that tell where the
/// directory begins (PKWARE's APPNOTE.TXT 6.3.10, 4.3.14 to 4.3.16), as the reader will.
/// </summary>
internal static class ZipDirectory
{
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;

    /// <summary>A header of 46 bytes, a path of 255 characters and some extra fields.</summary>
    private const int BytesPerEntry = 512;

    public static void Check(FileStream archive, StagedPackage stage, ModelLimits limits)
    {
        long most = (long)BytesPerEntry * limits.MaxFiles;
        long directory = archive.Length - Begin(archive);
        if (directory > most + ushort.MaxValue + EndBytes)
        {
            throw stage.Reject("the archive", $"a directory of {directory} bytes", $"at most {most}, for {limits.MaxFiles} files");
        }
        archive.Position = 0;
    }

    /// <exception cref="InvalidDataException">It has none.</exception>
    private static long Begin(FileStream archive)
    {
        // The end record is followed by a comment of at most 65,535 bytes.
        byte[] tail = ReadTail(archive, EndBytes + ushort.MaxValue + LocatorBytes);
        for (int at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndSignature)
            {
                continue;
            }
            uint begin = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            int locator = at - LocatorBytes;
            return locator >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(locator)) == LocatorSignature
                ? Math.Min(begin, Begin64(archive, BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(locator + 8))))
                : begin;
        }
        throw new InvalidDataException("it has no directory");
    }

    private static long Begin64(FileStream archive, long record)
    {
        if (record < 0 || record > archive.Length - End64Bytes)
        {
            throw new InvalidDataException("its directory lies outside it");
        }
        archive.Position = record;
        Span<byte> end = stackalloc byte[End64Bytes];
        archive.ReadExactly(end);
        return BinaryPrimitives.ReadInt64LittleEndian(end[48..]) is >= 0 and var begin
            ? begin
            : throw new InvalidDataException("its directory lies outside it");
    }

    private static byte[] ReadTail(FileStream archive, int bytes)
    {
        archive.Position = Math.Max(0, archive.Length - bytes);
        byte[] tail = new byte[archive.Length - archive.Position];
        archive.ReadExactly(tail);
        return tail;
    }
}
