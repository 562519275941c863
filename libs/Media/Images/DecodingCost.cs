namespace Serverless.Media.Images;

/// <summary>What a file of few bytes and few pixels may cost a decoder all the same, before its first pixel or at each.</summary>
internal static class DecodingCost
{
    private const int MaxJpegScans = 100; // each costs a pass over all coefficients; encoders write about ten

    private const int MaxJpegSegments = 4_096; // a colour profile has at most 255, and what editors add some hundred

    private const int MaxPngTextBytes = 16 << 20; // the longest that editors write have some MB

    /// <summary>What was found and what is allowed; null where it costs what it seems to.</summary>
    public static string? FindExcess(string mediaType, ReadOnlyMemory<byte> picture) =>
        mediaType switch
        {
            "image/jpeg" => FindExcess(JpegScans.Count(picture.Span)),
            "image/png" when PngTexts.Count(picture, MaxPngTextBytes) > MaxPngTextBytes =>
                $"PNG whose compressed texts inflate to more than {MaxPngTextBytes:N0} bytes; allowed are {MaxPngTextBytes:N0}",
            "image/tiff" when TiffFields.FindExcess(picture.Span) is { } excess => $"TIFF with {excess}",
            _ => null,
        };

    private static string? FindExcess((int Scans, int Segments) jpeg) =>
        jpeg.Scans > MaxJpegScans ? $"JPEG of more than {MaxJpegScans} scans; allowed are {MaxJpegScans}"
        : jpeg.Segments > MaxJpegSegments ? $"JPEG of more than {MaxJpegSegments:N0} segments; allowed are {MaxJpegSegments:N0}"
        : null;
}
