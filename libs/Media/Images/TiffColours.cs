namespace Serverless.Media.Images;

/// <summary>
/// The colours that the first page of a TIFF says it has (TIFF 6.0, PhotometricInterpretation). libvips takes those that it does not know
/// for grey, or red, green and blue. Trusts no place and no number in the file.
/// </summary>
internal static class TiffColours
{
    public const string Read = "black and white, grey, palettes, RGB, CMYK, YCbCr, and CIELAB of 16 and 32 bits";

    private const int BitsPerSample = 258;
    private const int PhotometricInterpretation = 262;
    private const int MaxFields = 4096;

    /// <summary>What colours are called that cannot be read; null where they can, or where the file does not tell.</summary>
    public static string? FindUnread(ReadOnlySpan<byte> tiff) =>
        Find(tiff, PhotometricInterpretation) switch
        {
            null or <= 6 => null,
            8 => Find(tiff, BitsPerSample) == 8 ? "CIELAB of 8 bits" : null,
            9 => "ICC L*a*b*",
            10 => "ITU L*a*b*",
            32803 => "a colour filter array, as cameras record it",
            32844 => "LogL",
            32845 => "LogLuv",
            34892 => "raw linear colours, as cameras record them",
            { } other => $"photometric interpretation {other}",
        };

    /// <summary>The first number of a field of short ones; BigTIFF has wider places.</summary>
    private static ulong? Find(ReadOnlySpan<byte> tiff, ulong field)
    {
        (int place, ulong count, ulong entry) = Number(tiff, 2, 2) == 43 ? (8, 8UL, 20UL) : (4, 2UL, 12UL);
        if (Number(tiff, (ulong)place, place) is not { } directory || Number(tiff, directory, (int)count) is not { } fields)
        {
            return null;
        }
        for (ulong i = 0; i < Math.Min(fields, MaxFields); i++)
        {
            ulong at = directory + count + i * entry,
                value = at + 4 + (ulong)place;
            if (Number(tiff, at, 2) == field && Number(tiff, at + 4, place) is { } numbers)
            {
                bool isHere = numbers <= (ulong)place / 2;
                return (isHere ? value : Number(tiff, value, place)) is { } start ? Number(tiff, start, 2) : null;
            }
        }
        return null;
    }

    internal static ulong? Number(ReadOnlySpan<byte> tiff, ulong at, int size)
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
