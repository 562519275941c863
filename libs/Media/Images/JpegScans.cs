namespace Serverless.Media.Images;

/// <summary>Counts what a JPEG decoder passes over (ITU-T T.81, annex B): the scans up to the end of the first picture. What stands in
/// segments, such as a thumbnail, and what follows the end, such as the film of a motion photo, is not read.</summary>
internal static class JpegScans
{
    private const byte StartOfImage = 0xD8,
        EndOfImage = 0xD9,
        StartOfScan = 0xDA,
        FirstRestart = 0xD0,
        Temporary = 0x01;

    /// <summary>A segment costs a decoder a hundred bytes and more, also one of four bytes.</summary>
    public static (int Scans, int Segments) Count(ReadOnlySpan<byte> jpeg)
    {
        (int scans, int segments) = (0, 0);
        while (TryTakeMarker(ref jpeg, out byte marker) && marker != EndOfImage)
        {
            if (marker is Temporary or (>= FirstRestart and <= StartOfImage))
            {
                continue; // these have no segment
            }
            if (jpeg.Length < 2)
            {
                break;
            }
            scans += marker == StartOfScan ? 1 : 0;
            segments++;
            jpeg = jpeg[Math.Min(jpeg.Length, Math.Max(2, (jpeg[0] << 8) | jpeg[1]))..];
        }
        return (scans, segments);
    }

    // Whatever stands before a marker is passed over, coded pixels as well: there 0xFF is followed by zero.
    private static bool TryTakeMarker(ref ReadOnlySpan<byte> jpeg, out byte marker)
    {
        for (int at; (at = jpeg.IndexOf((byte)0xFF)) >= 0 && at + 1 < jpeg.Length; )
        {
            marker = jpeg[at + 1];
            jpeg = jpeg[(at + (marker == 0xFF ? 1 : 2))..]; // any number of 0xFF may precede a marker
            if (marker is not (0 or 0xFF))
            {
                return true;
            }
        }
        marker = 0;
        return false;
    }
}
