namespace Serverless.Ingest.Analyzers;

/// <summary>What is analysed at once, what goes to gpu-batch, and how finely texts are cut.</summary>
public sealed class AnalysisOptions
{
    /// <summary>Tokens above which a text becomes a job for gpu-batch, 4,000 by default: half a second of one core with the sample models.
    /// Raising it keeps more texts out of the queue, at the price of activities that run longer.</summary>
    public int LongDocumentTokens { get; set; } = 4_000;

    /// <summary>Bytes above which a text goes to gpu-batch without being read first, 256 KiB by default.</summary>
    public int LongDocumentBytes { get; set; } = 256 << 10;

    /// <summary>Tokens of a passage, 96 by default, never more than the embedding model takes. Shorter passages are found more exactly
    /// and cost more vectors: a page of 500 words makes 7 of 96 tokens.</summary>
    public int PassageTokens { get; set; } = 96;

    /// <summary>A video of more bytes is refused, 16 GiB by default; it is spooled to the worker's disk.</summary>
    public long MaxVideoBytes { get; set; } = 16L << 30;

    /// <summary>Labels kept of an image or keyframe, 5 by default.</summary>
    public int Labels { get; set; } = 5;

    /// <summary>Longer side of thumbnails in pixels, 320 by default.</summary>
    public int ThumbnailPixels { get; set; } = 320;

    /// <summary>Longer side in pixels to which images are decoded, once for thumbnail, hash and models, 320 by default; more where the
    /// shorter side would fall below what the models look at. A photograph of 12 megapixels costs 4 times as much time at 1024.</summary>
    public int DecodePixels { get; set; } = 320;

    public IEnumerable<string> Validate()
    {
        if (LongDocumentTokens < 1)
        {
            yield return $"Analysis:LongDocumentTokens is {LongDocumentTokens}; allowed is 1 or more.";
        }
        if (LongDocumentBytes < 1)
        {
            yield return $"Analysis:LongDocumentBytes is {LongDocumentBytes}; allowed is 1 or more.";
        }
        if (PassageTokens is < 8 or > 8192)
        {
            yield return $"Analysis:PassageTokens is {PassageTokens}; allowed are 8 to 8192.";
        }
        if (MaxVideoBytes < 1)
        {
            yield return $"Analysis:MaxVideoBytes is {MaxVideoBytes}; allowed is 1 or more.";
        }
        if (Labels is < 1 or > 100)
        {
            yield return $"Analysis:Labels is {Labels}; allowed are 1 to 100.";
        }
        if (ThumbnailPixels is < 16 or > 4096)
        {
            yield return $"Analysis:ThumbnailPixels is {ThumbnailPixels}; allowed are 16 to 4096.";
        }
        if (DecodePixels is < 32 or > 8192)
        {
            yield return $"Analysis:DecodePixels is {DecodePixels}; allowed are 32 to 8192.";
        }
    }
}
