using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Analyzers;

/// <summary>What is analysed at once, what goes to gpu-batch, and how finely texts are cut.</summary>
public sealed class AnalysisOptions
{
    /// <summary>UTF-16 code units above which a text becomes a job for gpu-batch, 16,000 by default: about 4,000 tokens of English, half a
    /// second of one core with the sample models. Raising it keeps more texts out of the queue, at the price of activities that run longer.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int LongDocumentCharacters { get; set; } = 16_000;

    /// <summary>Bytes above which a text goes to gpu-batch without being read first, 256 KiB by default.</summary>
    [Range(1, int.MaxValue)]
    public int LongDocumentBytes { get; set; } = 256 << 10;

    /// <summary>Tokens of a passage, 96 by default, never more than the embedding model takes. Shorter passages are found more exactly
    /// and cost more vectors: a page of 500 words makes 7 of 96 tokens.</summary>
    [Range(8, 8_192)]
    public int PassageTokens { get; set; } = 96;

    /// <summary>A video of more bytes is refused, 16 GiB by default; it is spooled to the worker's disk.</summary>
    [Range(1, long.MaxValue)]
    public long MaxVideoBytes { get; set; } = 16L << 30;

    /// <summary>Labels kept of an image or keyframe, 5 by default.</summary>
    [Range(1, 100)]
    public int Labels { get; set; } = 5;

    /// <summary>Longer side of thumbnails in pixels, 320 by default.</summary>
    [Range(16, 4_096)]
    public int ThumbnailPixels { get; set; } = 320;

    /// <summary>Longer side in pixels to which images are decoded, once for thumbnail, hash and models, 320 by default; more where the
    /// shorter side would fall below what the models look at. A photograph of 12 megapixels costs 4 times as much time at 1024.</summary>
    [Range(32, 8_192)]
    public int DecodePixels { get; set; } = 320;
}
