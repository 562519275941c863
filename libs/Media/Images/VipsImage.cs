using System.Buffers;
using NetVips;

namespace Serverless.Media.Images;

/// <summary>What NetVips leaves to its callers: pixels in rented arrays, and members of the header that may be absent.</summary>
internal static unsafe class VipsImage
{
    public const string OrientationField = "orientation";

    /// <summary>Computes all pixels into a rented array.</summary>
    public static byte[] Render(this Image image)
    {
        nint pixels = image.WriteToMemory(out ulong size);
        try
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent((int)size);
            new ReadOnlySpan<byte>((void*)pixels, (int)size).CopyTo(rented);
            return rented;
        }
        finally
        {
            NetVips.NetVips.Free(pixels);
        }
    }

    /// <summary>Frames or pages, 1 where the header does not tell.</summary>
    public static int Pages(this Image image) => Math.Max(image.Number("n-pages"), 1);

    /// <summary>As EXIF and TIFF count it, 0 where neither tells; width and height change places from 5 on.</summary>
    public static int Orientation(this Image image) => image.Number(OrientationField);

    /// <summary>A number of the header, 0 where it is absent.</summary>
    public static int Number(this Image image, string name) => image.Contains(name) && image.Get(name) is int value ? value : 0;
}
