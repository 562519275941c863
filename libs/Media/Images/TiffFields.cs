namespace Serverless.Media.Images;

/// <summary>
/// What the first directory of a TIFF makes a decoder read: each field has a value of its own, but nothing keeps a file from having
/// thousands that lie on the same bytes.
/// </summary>
internal static class TiffFields
{
    /// <summary>Files of cameras have some hundred; what libtiff does for each grows with their number.</summary>
    public const int MostFields = 1_024;

    /// <summary>Values that do not overlap have one file's length at most; some more where a number in it is wrong.</summary>
    private const int MostReadings = 4;

    /// <summary>Bytes of a number of each type; TIFF 6.0 and BigTIFF.</summary>
    private static ReadOnlySpan<byte> Sizes => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    /// <summary>Null where it is bounded, or where the file has no directory.</summary>
    public static string? FindExcess(ReadOnlySpan<byte> tiff)
    {
        TiffDirectory directory = TiffDirectory.Of(tiff);
        if (directory.Fields > MostFields)
        {
            return $"{directory.Fields:N0} fields; allowed are {MostFields:N0}";
        }
        ulong length = (ulong)tiff.Length,
            read = 0;
        for (ulong field = 0; field < directory.Fields; field++)
        {
            read += BytesOf(directory, directory.EntryOf(field), length);
        }
        return read <= MostReadings * length ? null : $"fields of {read:N0} bytes in a file of {length:N0}, on the same places";
    }

    /// <summary>Of a value, as far as it lies in the file; none where it stands in the entry itself.</summary>
    private static ulong BytesOf(TiffDirectory directory, ulong at, ulong length)
    {
        int place = directory.PlaceBytes;
        if (
            directory.Number(at + 2, 2) is not { } type
            || directory.Number(at + 4, place) is not { } numbers
            || directory.Number(at + 4 + (ulong)place, place) is not { } start
            || start >= length
        )
        {
            return 0;
        }
        ulong size = type < (ulong)Sizes.Length ? Sizes[(int)type] : 0UL,
            bytes = size * Math.Min(numbers, length);
        return bytes <= (ulong)place ? 0 : Math.Min(bytes, length - start);
    }
}
