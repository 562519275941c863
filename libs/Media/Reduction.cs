using Serverless.Imaging;

namespace Serverless.Media;

/// <summary>How far pictures and frames are reduced before anything looks at them.</summary>
public static class Reduction
{
    /// <summary>The side of the square that a picture is to fit: <paramref name="maxSide"/>, or as much more as its shorter side needs in
    /// order not to fall below <paramref name="minShorterSide"/>; never beyond the picture's own longer side for that reason.</summary>
    public static int SideFor(int width, int height, int maxSide, int minShorterSide)
    {
        (int shorter, int longer) = width < height ? (width, height) : (height, width);
        return Math.Max(maxSide, (int)Math.Min(longer, Math.Ceiling((double)minShorterSide * longer / shorter)));
    }

    /// <summary>What a picture becomes in a square of this side; never enlarged, and never less than a pixel.</summary>
    public static ImageSize SizeWithin(ImageSize size, int side)
    {
        int longer = Math.Max(size.Width, size.Height);
        return longer <= side ? size : new ImageSize(Reduce(size.Width), Reduce(size.Height));

        int Reduce(int pixels) => Math.Max(1, (int)Math.Round((double)pixels * side / longer));
    }
}
