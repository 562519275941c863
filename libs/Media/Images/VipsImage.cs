using System.Buffers;

namespace Serverless.Media.Images;

/// <summary>A reference to an image of libvips: a recipe whose pixels are computed when they are asked for.</summary>
internal sealed unsafe class VipsImage(nint handle) : IDisposable
{
    private const int UnsignedChar = 0; // VIPS_FORMAT_UCHAR

    public nint Handle { get; private set; } = handle;

    public int Width => VipsNative.Width(Handle);

    public int Height => VipsNative.Height(Handle);

    public int Bands => VipsNative.Bands(Handle);

    public int Interpretation => VipsNative.Interpretation(Handle);

    public int Pages => VipsNative.Pages(Handle);

    public bool HasAlpha => VipsNative.HasAlpha(Handle) != 0;

    /// <summary>EXIF orientation 1 to 8; from 5 on width and height change places.</summary>
    public int Orientation => VipsNative.Orientation(Handle);

    /// <param name="rgb">Must stay pinned as long as the image lives.</param>
    public static VipsImage OverRgb(byte* rgb, int width, int height)
    {
        nint image = VipsNative.NewImage(rgb, (nuint)width * (nuint)height * 3, width, height, 3, UnsignedChar);
        return image == 0 ? throw new VipsException(Vips.TakeError()) : new VipsImage(image);
    }

    /// <summary>Computes all pixels into a rented array.</summary>
    public byte[] Render()
    {
        byte* pixels = VipsNative.WriteToMemory(Handle, out nuint size);
        if (pixels is null) throw new VipsException(Vips.TakeError());

        try
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent((int)size);
            new ReadOnlySpan<byte>(pixels, (int)size).CopyTo(rented);
            return rented;
        }
        finally
        {
            VipsNative.Free(pixels);
        }
    }

    public void Dispose()
    {
        if (Handle == 0) return;
        VipsNative.Unref(Handle);
        Handle = 0;
    }
}
