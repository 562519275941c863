using System.ComponentModel.DataAnnotations;

namespace Serverless.Media.Images;

public sealed class ImageOptions
{
    /// <summary>Largest file read, default 64 MiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Most pixels of a picture, default 100 million; one of that size that must be held whole (a progressive JPEG) takes 300 MB.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public long MaxPixels { get; set; } = 100_000_000;

    /// <summary>Longest side, default 30,000 pixels.</summary>
    [Range(1, 65_535)]
    public int MaxSide { get; set; } = 30_000;

    /// <summary>Most frames or pages, default 2,000.</summary>
    [Range(1, 100_000)]
    public int MaxFrames { get; set; } = 2_000;
}
