namespace Serverless.Imaging;

public readonly record struct ImageSize(int Width, int Height)
{
    public override string ToString() => $"{Width}×{Height}";
}

/// <summary>Part of an image, in pixels.</summary>
public readonly record struct ImageWindow(int Left, int Top, int Width, int Height)
{
    public static ImageWindow Whole(ImageSize size) => new(0, 0, size.Width, size.Height);
}
