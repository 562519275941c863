using System.Buffers;
using NetVips;

namespace Serverless.Media.Images;

/// <summary>Colours as their embedded ICC profile means them → sRGB. A profile that does not fit the picture's colours or cannot be read
/// says nothing: the picture is taken for sRGB, as browsers do.</summary>
internal static class ColourProfile
{
    private const string Field = "icc-profile-data";
    private const int SpaceOffset = 16; // "data colour space" in the header of a profile (ICC.1:2022, §7.2)

    /// <summary>The profile of a picture in red, green and blue; null where there is none.</summary>
    public static byte[]? OfRgb(Image image) => Of(image) is { } profile && IsFor(profile, "RGB "u8) ? profile : null;

    public static Image ToSrgb(Image image)
    {
        int colours = image.Bands - (image.HasAlpha() ? 1 : 0);
        if (Of(image) is { } profile && ((colours == 3 && IsFor(profile, "RGB "u8)) || (colours == 1 && IsFor(profile, "GRAY"u8))))
        {
            try
            {
                return image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Relative, depth: 8);
            }
            catch (VipsException)
            {
                // Damaged.
            }
        }
        return image.Colourspace(Enums.Interpretation.Srgb);
    }

    /// <summary>The same for pixels that have left their picture; the array is returned to the pool, and another one rented.</summary>
    public static byte[] ToSrgb(byte[] rented, int width, int height, byte[] profile)
    {
        ReadOnlyMemory<byte> rgbBytes = rented.AsMemory(0, width * height * 3);
        using Image raw = Image.NewFromMemory(rgbBytes, width, height, 3, Enums.BandFormat.Uchar);
        using Image rgb = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        using Image marked = rgb.Mutate(image => image.Set(GValue.BlobType, Field, profile));
        using Image srgb = ToSrgb(marked);
        byte[] converted = srgb.Render();
        ArrayPool<byte>.Shared.Return(rented);
        return converted;
    }

    private static byte[]? Of(Image image) => image.Contains(Field) && image.Get(Field) is byte[] profile ? profile : null;

    private static bool IsFor(byte[] profile, ReadOnlySpan<byte> space) =>
        profile.AsSpan().Slice(Math.Min(SpaceOffset, profile.Length)).StartsWith(space);
}
