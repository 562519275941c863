using System.Buffers;
using NetVips;

namespace Serverless.Media.Images;

/// <summary>What NetVips leaves to its callers: pixels in rented arrays, and members of the header that may be absent.</summary>
internal static unsafe class VipsImage
{
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
    public static int Pages(this Image image) => Math.Max(HeaderOf(image, "n-pages"), 1);

    /// <summary>Whether width and height change places when the picture stands upright: EXIF orientation 5 to 8.</summary>
    public static bool IsTurned(this Image image) => HeaderOf(image, "orientation") is >= 5 and <= 8;

    private static int HeaderOf(Image image, string name) => image.Contains(name) && image.Get(name) is int value ? value : 0;
}
