namespace Serverless.Inference.Detection;

/// <summary>A box by its corners, in pixels of the model's input.</summary>
internal readonly record struct ScoredBox(float Left, float Top, float Right, float Bottom, int Label, float Score)
{
    public float Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    /// <summary>Intersection over union; 0 where neither has an area.</summary>
    public static float Overlap(in ScoredBox a, in ScoredBox b)
    {
        float width = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left),
            height = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }
        float both = width * height;
        return both / (a.Area + b.Area - both);
    }
}
