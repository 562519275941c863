namespace Serverless.Media.Images;

/// <summary>
/// The first directory of a TIFF (TIFF 6.0, section 2) or of a BigTIFF, which has wider places; without fields where the file has none.
/// Trusts no place and no number in the file.
/// </summary>
internal readonly ref struct TiffDirectory
{
    private readonly ReadOnlySpan<byte> _tiff;
    private readonly ulong _first;
    private readonly ulong _entryBytes;

    private TiffDirectory(ReadOnlySpan<byte> tiff, int placeBytes, ulong entryBytes, ulong first, ulong fields)
    {
        _tiff = tiff;
        (PlaceBytes, _entryBytes, _first, Fields) = (placeBytes, entryBytes, first, fields);
    }

    public ulong Fields { get; }

    /// <summary>Of a place in the file, and of how many numbers a field has.</summary>
    public int PlaceBytes { get; }

    public static TiffDirectory Of(ReadOnlySpan<byte> tiff)
    {
        (int place, ulong count, ulong entry) = Number(tiff, 2, 2) == 43 ? (8, 8UL, 20UL) : (4, 2UL, 12UL);
        return Number(tiff, (ulong)place, place) is { } start && Number(tiff, start, (int)count) is { } fields
            ? new(tiff, place, entry, start + count, fields)
            : new(tiff, place, entry, 0, 0);
    }

    /// <summary>Where the entry of a field begins: tag and type, two bytes each, how many numbers, and their place.</summary>
    public ulong EntryOf(ulong field) => _first + field * _entryBytes;

    /// <summary>Null where the file ends before.</summary>
    public ulong? Number(ulong at, int size) => Number(_tiff, at, size);

    private static ulong? Number(ReadOnlySpan<byte> tiff, ulong at, int size)
    {
        if (tiff.Length < size || at > (ulong)(tiff.Length - size))
        {
            return null;
        }
        ReadOnlySpan<byte> bytes = tiff.Slice((int)at, size);
        bool isLittle = tiff[0] == 'I';
        ulong number = 0;
        for (int i = 0; i < size; i++)
        {
            number = (number << 8) | bytes[isLittle ? size - 1 - i : i];
        }
        return number;
    }
}
