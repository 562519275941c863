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

    /// <summary>The first number of a field of short ones.</summary>
    private static ulong? Find(ReadOnlySpan<byte> tiff, ulong field)
    {
        TiffDirectory directory = TiffDirectory.Of(tiff);
        int place = directory.PlaceBytes;
        for (ulong i = 0; i < Math.Min(directory.Fields, MaxFields); i++)
        {
            ulong at = directory.EntryOf(i),
                value = at + 4 + (ulong)place;
            if (directory.Number(at, 2) == field && directory.Number(at + 4, place) is { } numbers)
            {
                bool isHere = numbers <= (ulong)place / 2;
                return (isHere ? value : directory.Number(value, place)) is { } start ? directory.Number(start, 2) : null;
            }
        }
        return null;
    }
}
