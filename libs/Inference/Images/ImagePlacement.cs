using Serverless.Imaging;
using Serverless.Inference.Detection;
using Serverless.Inference.Serving;

namespace Serverless.Inference.Images;

/// <summary>
/// Where an image's pixels lie in a model's input: resized to a size, and moved by Left and Top, which are negative where a crop cut them.
/// </summary>
internal readonly record struct ImagePlacement(int ImageWidth, int ImageHeight, ImageSize Resized, int Left, int Top)
{
    /// <summary>A box of the model's input in pixels of the image, cut at its edges.</summary>
    public DetectedObject Restore(in ScoredBox box, string label)
    {
        float across = (float)ImageWidth / Resized.Width,
            down = (float)ImageHeight / Resized.Height;
        float left = Math.Clamp((box.Left - Left) * across, 0, ImageWidth),
            right = Math.Clamp((box.Right - Left) * across, left, ImageWidth);
        float top = Math.Clamp((box.Top - Top) * down, 0, ImageHeight),
            bottom = Math.Clamp((box.Bottom - Top) * down, top, ImageHeight);
        return new DetectedObject(label, box.Score, left, top, right - left, bottom - top);
    }
}
